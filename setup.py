"""Packaging of distill_tf; the tools are configured in pyproject.toml."""

from pathlib import Path

from setuptools import find_packages
from setuptools import setup

setup(
    name="distill_tf",
    version="0.1.0",
    description="Distil BERT classifiers into small, fast Keras students",
    long_description=Path(__file__).with_name("README.md").read_text("utf-8"),
    license="Apache-2.0",
    license_files=["LICENSE"],
    long_description_content_type="text/markdown",
    packages=find_packages(include=["distill_tf", "distill_tf.*"]),
    package_data={"distill_tf.export.pytorch_students": ["templates/*.py"]},
    python_requires=">=3.11,<3.14",
    install_requires=[
        "tensorflow>=2.21",
        "tensorboard>=2.20",
        "tensorflow-text>=2.21",
        "tensorflow-datasets>=4.9.10",
        "importlib_resources>=6.5",  # tensorflow-datasets imports it undeclared
        "keras>=3.15",
        "keras-hub>=0.32",
        "numpy>=2.4",
        "scipy>=1.17",
        "scikit-learn>=1.9",
        "safetensors>=0.8",
        "ml_dtypes>=0.5",
        "pyarrow>=21",
        "filelock>=3.20",
        "kagglehub>=0.3",
        "absl-py>=2.5",
        "jieba>=0.42.1",
        "rich>=14",
    ],
    extras_require={
        "augment": ["textblob>=0.20"],
        "serving": ["tensorflow-serving-api>=2.21"],
        "test": [
            "pytest>=9",
            "pytest-xdist>=3.8",
            "ruff>=0.17",
            "tensorflow-serving-api>=2.21",
            "textblob>=0.20",
            "tokenizers>=0.23",
        ],
        "onnx": [
            "onnx>=1.23",
            "onnxruntime>=1.31",
            "tf2onnx>=1.17",
            "tokenizers>=0.23",
        ],
        "litert": ["ai-edge-litert>=2.3", "tokenizers>=0.23"],
        "pytorch": ["torch>=2.13", "transformers>=5.23"],
        "benchmark": [
            "matplotlib>=3.11",
            "textbrewer>=0.2.1",
            "torch>=2.13",
            "transformers>=5.23",
        ],
    },
)
