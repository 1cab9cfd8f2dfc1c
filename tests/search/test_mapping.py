"""What Elasticsearch is told of each model, which needs no server to be said."""

import pytest
from modelsearch.index import get_indexed_models

from portal.search.backends.elasticsearch import Mapping


@pytest.mark.parametrize("model", get_indexed_models(), ids=lambda model: model._meta.label)
def test_every_field_has_a_name_of_its_own(model):
    properties = Mapping(model).get_mapping()["properties"]
    own = [field for field in model.search_fields if type(field).__name__ == "SearchField"]
    names = {Mapping(model).get_field_column_name(field) for field in own}
    assert len(names) == len({field.field_name for field in own})
    assert names <= set(properties)
