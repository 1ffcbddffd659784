"""Where a training step's time goes: what belongs where, and that it adds up."""

import profile_steps
import pytest
from operations import CATEGORIES
from operations import category
from settings import SMOKE
from tables import table
from workloads import WORKLOADS

from distill_tf.errors import DistillError

LAYER = "StatefulPartitionedCall/distiller_1/encoder_1/layer_0_1"


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (f"{LAYER}/feed_forward_1/dense_1/BiasAdd:_MklNativeFusedMatMul", 2),
        (f"{LAYER}/attention_1/query_key_value_1/BiasAdd:_MklNativeFusedMatMul", 2),
        ("StatefulPartitionedCall/MatMul_12:_MklMatMul", 2),
        (f"{LAYER}/attention_1/FoldTransposeIntoMatMul_MatMul:_MklBatchMatMulV2", 4),
        (f"{LAYER}/attention_1/Softmax:_MklSoftmax", 4),
        (f"{LAYER}/attention_1/transpose:_MklTranspose", 4),
        (f"{LAYER}/attention_1/layer_norm_1/sub:Sub", 3),
        (f"{LAYER}/attention_1/output_dense_1/Cast:Cast", 5),
        (f"{LAYER}/attention_1/attention_dropout_1/SelectV2:SelectV2", 1),
        ("StatefulPartitionedCall/x:StatelessRandomUniformFullIntV2", 1),
        ("StatefulPartitionedCall/fused_adam_w/mul_2:Mul", 0),
        ("StatefulPartitionedCall/fused_adam_w_7/ResourceApplyAdam:Resource", 0),
        ("StatefulPartitionedCall/clip_by_global_norm/mul_3:Mul", 0),
        ("StatefulPartitionedCall/Cast_6:Cast", 5),
        ("StatefulPartitionedCall/encoder_1/embeddings_1/GatherV2:GatherV2", 6),
        ("PyFunc:PyFunc", 7),
        (f"{LAYER}/feed_forward_1/intermediate_dense_1/gelu_tanh/mul:Mul", 3),
        (f"{LAYER}/feed_forward_1/dense_1/gelu_tanh/mul:_MklNativeFusedMatMul", 2),
        (f"{LAYER}/feed_forward_1/dense_1/frozen_linear:_MklNativeFusedMatMul", 2),
        (f"{LAYER}/attention_1/query_key_value_1/BiasAdd:BiasAdd", 8),
        ("StatefulPartitionedCall/gelu_gradient_3/mul:Mul", 3),
        ("StatefulPartitionedCall/layer_norm_gradient/Cast:Cast", 3),
        ("StatefulPartitionedCall/sub_2:Sub", 8),
    ],
)
def test_where_an_operation_belongs(operation, expected):
    assert list(CATEGORIES).index(category(operation)) == expected


@pytest.mark.slow
def test_the_parts_are_those_of_the_whole():
    result = profile_steps.profile(["fine_tuning", "bilstm"], SMOKE, passes=2)
    for each in result["profiles"].values():
        spent = each["operations"]
        assert spent.keys() == CATEGORIES.keys()
        for kind in ("optimizer", "matrix products", "element by element"):
            assert spent[kind] > 0, kind
    # Operations may overlap here: threads were set by whatever test came first.
    fine_tuning = result["profiles"]["fine_tuning"]
    assert 0 < sum(fine_tuning["operations"].values()) < 2 * fine_tuning["wall"]
    assert fine_tuning["flops_per_example"] > 0


def test_the_table():
    def profile(scale, flops, name):
        operations = {"optimizer": 20.0 * scale, "matrix products": 50.0 * scale}
        return {
            "contestant": name,
            "wall": 100.0 * scale,
            "operations": operations,
            "flops_per_example": flops,
        }

    profiles = {
        "one_thing": profile(1, 2e7, "x bfloat16"),
        "another": profile(20, None, "x float32"),
    }
    assert table({"profiles": profiles}, {"bfloat16": 1e12}).splitlines() == [
        "| microseconds an example | one thing | another |",
        "| --- | --- | --- |",
        "| matrix products | 50 (50%) | 1,000 (50%) |",
        "| optimizer | 20 (20%) | 400 (20%) |",
        "| compiled GELU, and between operations | 30 (30%) | 600 (30%) |",
        "| in all | 100 (100%) | 2,000 (100%) |",
        "| the products at the ceiling's rate | 20 (20%) |  |",
    ]


def test_a_profile_that_there_is_not():
    with pytest.raises(DistillError, match="no profile of 'sleep'; choose from fine_t"):
        profile_steps.profile(["sleep"], SMOKE, passes=1)


@pytest.mark.parametrize("name", profile_steps.PROFILED)
def test_our_own_step_is_what_is_profiled(name):
    assert next(iter(WORKLOADS[name].contestants)) == "distill_tf bfloat16"
