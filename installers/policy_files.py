"""Makes what IT writes policies with: ``python -m installers.policy_files`` after a new rule.

A JSON schema for ``policies.json`` and managed preferences, and the template of group policy for
Windows (ADMX, with its words in ADML), all of ``trafficdesk.policy.schema``; a test compares.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
from msgspec import inspect

from trafficdesk.policy.machine import WINDOWS_KEY
from trafficdesk.policy.schema import Policy

ROOT: Final = Path(__file__).resolve().parent.parent
SCHEMA: Final = ROOT / "resources" / "policy.schema.json"
ADMX: Final = ROOT / "installers" / "windows" / "TrafficDesk.admx"
ADML: Final = ROOT / "installers" / "windows" / "en-US" / "TrafficDesk.adml"

_NAMESPACE: Final = "http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions"
_PREFIX: Final = "trafficdesk"
_WINDOWS_10: Final = "windows:SUPPORTED_Windows_10_0"


@dataclass(frozen=True, slots=True)
class Rule:
    """One word of a section: what it may be, and what it means."""

    name: str
    kind: inspect.Type
    words: str
    usual: object
    is_required: bool


@dataclass(frozen=True, slots=True)
class Section:
    """One matter of the policy, with its rules."""

    name: str
    words: str
    rules: tuple[Rule, ...]


def sections() -> Iterator[Section]:
    """Yield every section, in the order of the schema."""
    policy = inspect.type_info(Policy)
    if not isinstance(policy, inspect.StructType):
        raise TypeError(policy)
    for field in policy.fields:
        kinds = field.type.types if isinstance(field.type, inspect.UnionType) else (field.type,)
        (struct,) = (each for each in kinds if isinstance(each, inspect.StructType))
        yield Section(field.name, _first_line(struct.cls), tuple(map(_rule, struct.fields)))


def _first_line(section: type) -> str:
    return (section.__doc__ or "").partition("\n")[0]


def _rule(field: inspect.Field) -> Rule:
    kind, words = field.type, ""
    while isinstance(kind, inspect.Metadata | inspect.UnionType):
        if isinstance(kind, inspect.Metadata):
            words = words or (kind.extra_json_schema or {}).get("description", "")
            kind = kind.type
        else:
            (kind,) = (each for each in kind.types if not isinstance(each, inspect.NoneType))
    return Rule(field.name, kind, words, field.default, field.required)


def schema() -> str:
    """Return the JSON schema of a policy."""
    made = msgspec.json.schema(Policy)
    return msgspec.json.format(msgspec.json.encode(made), indent=2).decode() + "\n"


def template() -> ET.Element:
    """Return the template of group policy."""
    root = ET.Element("policyDefinitions", revision="1.0", schemaVersion="1.0", xmlns=_NAMESPACE)
    spaces = ET.SubElement(root, "policyNamespaces")
    ET.SubElement(spaces, "target", prefix=_PREFIX, namespace="TrafficDesk.Policies")
    ET.SubElement(spaces, "using", prefix="windows", namespace="Microsoft.Policies.Windows")
    ET.SubElement(root, "resources", minRequiredRevision="1.0")
    categories = ET.SubElement(root, "categories")
    ET.SubElement(categories, "category", name="TrafficDesk", displayName="$(string.TrafficDesk)")
    policies = ET.SubElement(root, "policies")
    for section in sections():
        _add_policy(policies, section)
    return root


def _add_policy(policies: ET.Element, section: Section) -> None:
    policy = ET.SubElement(
        policies,
        "policy",
        {
            "name": section.name,
            "class": "Machine",
            "displayName": f"$(string.{section.name})",
            "explainText": f"$(string.{section.name}_explained)",
            "presentation": f"$(presentation.{section.name})",
            "key": rf"{WINDOWS_KEY}\{section.name}",
        },
    )
    ET.SubElement(policy, "parentCategory", ref="TrafficDesk")
    ET.SubElement(policy, "supportedOn", ref=_WINDOWS_10)
    elements = ET.SubElement(policy, "elements")
    for rule in section.rules:
        _add_element(elements, rule)


def _add_element(elements: ET.Element, rule: Rule) -> None:
    named = {"id": rule.name, "valueName": rule.name}
    match rule.kind:
        case inspect.IntType(ge=least, le=most):
            ET.SubElement(elements, "decimal", named, minValue=str(least), maxValue=str(most))
        case inspect.BoolType():
            element = ET.SubElement(elements, "boolean", named)
            for side, value in (("trueValue", "1"), ("falseValue", "0")):
                ET.SubElement(ET.SubElement(element, side), "decimal", value=value)
        case inspect.LiteralType(values=values):
            element = ET.SubElement(elements, "enum", named)
            for choice in values:
                shown = {"displayName": f"$(string.{rule.name}_{choice})"}
                told = ET.SubElement(ET.SubElement(element, "item", shown), "value")
                ET.SubElement(told, "string").text = str(choice)
        case inspect.StrType():
            needed = {"required": "true"} if rule.is_required else {}
            ET.SubElement(elements, "text", named | needed)
        case inspect.VarTupleType():
            ET.SubElement(elements, "multiText", named)
        case other:
            raise TypeError(f"{rule.name}: group policy has no box for {other}")


def words() -> ET.Element:
    """Return the template's words in English."""
    root = ET.Element(
        "policyDefinitionResources", revision="1.0", schemaVersion="1.0", xmlns=_NAMESPACE
    )
    ET.SubElement(root, "displayName").text = "TrafficDesk"
    ET.SubElement(root, "description").text = "Policies of the desk software TrafficDesk"
    resources = ET.SubElement(root, "resources")
    strings = ET.SubElement(resources, "stringTable")
    presentations = ET.SubElement(resources, "presentationTable")
    _say(strings, "TrafficDesk", "TrafficDesk")
    for section in sections():
        _say(strings, section.name, section.name.replace("_", " ").capitalize())
        explained = [section.words, "", *(f"{rule.name}: {rule.words}" for rule in section.rules)]
        _say(strings, f"{section.name}_explained", "\n".join(explained))
        shown = ET.SubElement(presentations, "presentation", id=section.name)
        for rule in section.rules:
            _add_box(shown, rule)
            if isinstance(rule.kind, inspect.LiteralType):
                for choice in rule.kind.values:
                    _say(strings, f"{rule.name}_{choice}", str(choice))
    return root


def _say(strings: ET.Element, name: str, sentence: str) -> None:
    ET.SubElement(strings, "string", id=name).text = sentence


def _add_box(shown: ET.Element, rule: Rule) -> None:
    match rule.kind:
        case inspect.IntType():
            usual = {"defaultValue": str(rule.usual)}
            ET.SubElement(shown, "decimalTextBox", usual, refId=rule.name).text = rule.name
        case inspect.BoolType():
            usual = {"defaultChecked": str(rule.usual).lower()}
            ET.SubElement(shown, "checkBox", usual, refId=rule.name).text = rule.name
        case inspect.StrType():
            box = ET.SubElement(shown, "textBox", refId=rule.name)
            ET.SubElement(box, "label").text = rule.name
        case inspect.LiteralType(values=values):  # by itself the box would take its first word
            usual = {"noSort": "true", "defaultItem": str(list(values).index(str(rule.usual)))}
            ET.SubElement(shown, "dropdownList", usual, refId=rule.name).text = rule.name
        case _:
            ET.SubElement(shown, "multiTextBox", refId=rule.name).text = rule.name


def _text(root: ET.Element) -> str:
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, "unicode") + "\n"


def files() -> dict[Path, str]:
    """Return every file that is made, and what it holds."""
    return {SCHEMA: schema(), ADMX: _text(template()), ADML: _text(words())}


if __name__ == "__main__":
    for made, text in files().items():
        made.parent.mkdir(parents=True, exist_ok=True)
        made.write_text(text, encoding="utf-8")
