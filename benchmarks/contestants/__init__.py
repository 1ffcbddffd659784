"""Those who take part, one file a library and kind of model."""
