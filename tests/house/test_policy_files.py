"""What IT writes policies with says what the desk reads."""

import json
import re
from typing import Any

import jsonschema_rs
import pytest

from installers import policy_files
from tests.policy.test_reading import ALL, WRONG
from trafficdesk.policy.reading import read_policy
from trafficdesk.policy.schema import Policy


def test_the_files_are_those_of_the_schema() -> None:
    for path, text in policy_files.files().items():
        assert path.read_text(encoding="utf-8") == text, "run: python -m installers.policy_files"


def test_the_page_for_it_lists_every_rule_and_its_example_holds() -> None:
    page = (policy_files.ROOT / "installers" / "README.md").read_text(encoding="utf-8")
    rules_of = page.partition("## The policy of a machine")[2]
    listed = re.findall(r"^\| `(\w+\.\w+)` \|", rules_of, re.MULTILINE)
    rules = [f"{each.name}.{rule.name}" for each in policy_files.sections() for rule in each.rules]
    assert listed == rules
    (example,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    assert not read_policy(example.encode(), "the page").warned


def test_the_json_schema_takes_what_the_desk_takes() -> None:
    schema = json.loads(policy_files.schema())
    jsonschema_rs.validate(schema, ALL)
    jsonschema_rs.validate(schema, {})


@pytest.mark.parametrize(("section", "rules"), WRONG)
def test_the_json_schema_refuses_what_the_desk_refuses(section: str, rules: dict[str, Any]) -> None:
    with pytest.raises(jsonschema_rs.ValidationError):
        jsonschema_rs.validate(json.loads(policy_files.schema()), {section: rules})


def test_group_policy_has_a_box_and_words_for_every_rule() -> None:
    admx, adml = policy_files.template(), policy_files.words()
    policies = {each.get("name"): each for each in admx.iterfind("policies/policy")}
    assert policies.keys() == set(Policy.__struct_fields__)
    strings = {each.get("id"): each.text for each in adml.iterfind(".//string")}
    boxes = {
        (each.get("id"), box.get("refId"))
        for each in adml.iterfind(".//presentation")
        for box in each
    }
    for section in policy_files.sections():
        elements = [each.get("id") for each in policies[section.name].find("elements") or ()]
        assert elements == [rule.name for rule in section.rules]
        assert strings[section.name]
        for rule in section.rules:
            assert rule.words, f"{section.name}.{rule.name} has no words"
            assert rule.words in (strings[f"{section.name}_explained"] or "")
            assert (section.name, rule.name) in boxes
