import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils.translation import override

from records.fhir import text, walker
from records.fhir.definitions import TYPES
from telemed.core.errors import Malformed
from tests.factories.fhir import observation, patient

EXAMPLES = sorted((Path(__file__).parent / "examples").glob("*.json"))
LONG = "a" * 65


def issues_of(resource):
    return [(issue.path, issue.code) for issue in walker.check(resource)[0]]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_official_examples_pass(path):
    assert walker.check(text.decode(path.read_bytes()))[0] == []


@pytest.mark.parametrize("name", TYPES)
def test_every_type_has_its_check(name):
    issues, _found = walker.check({"resourceType": name, "nonsense": 1})
    assert (f"{name}.nonsense", "structure") in [(i.path, i.code) for i in issues]


@pytest.mark.parametrize(
    ("resource", "issue"),
    [
        (patient(gender="mann"), ("Patient.gender", "code-invalid")),
        (patient(id=LONG), ("Patient.id", "value")),
        (patient(birthDate="2026-02-30"), ("Patient.birthDate", "value")),
        (patient(birthDate="2023-02-29"), ("Patient.birthDate", "value")),
        (patient(active="true"), ("Patient.active", "value")),
        (patient(name=[]), ("Patient.name", "structure")),
        (patient(name=[{}]), ("Patient.name[0]", "structure")),
        (patient(name={"text": "a"}), ("Patient.name", "structure")),
        (patient(name=[None]), ("Patient.name[0]", "structure")),
        (patient(name=[{"given": ["a", 1]}]), ("Patient.name[0].given[1]", "value")),
        (patient(gender=""), ("Patient.gender", "code-invalid")),
        (patient(language=" en"), ("Patient.language", "value")),
        (patient(color="red"), ("Patient.color", "structure")),
        (patient(multipleBirthInteger=True), ("Patient.multipleBirthInteger", "value")),
        (
            patient(multipleBirthInteger=1, multipleBirthBoolean=True),
            ("Patient.multipleBirthBoolean", "structure"),
        ),
        (
            patient(managingOrganization={"reference": "Patient/1"}),
            ("Patient.managingOrganization.reference", "value"),
        ),
        (
            patient(managingOrganization={"reference": "nonsense"}),
            ("Patient.managingOrganization.reference", "value"),
        ),
        (
            patient(text={"status": "generated", "div": "<div><script>x</script></div>"}),
            ("Patient.text.div", "value"),
        ),
        (patient(contained=[{"resourceType": "Foo"}]), ("Patient.contained[0]", "structure")),
        (
            patient(contained=[{"resourceType": "Basic"}]),
            ("Patient.contained[0].code", "required"),
        ),
        (
            patient(photo=[{"size": -1}]),
            ("Patient.photo[0].size", "value"),
        ),
        (observation("x", status=None), ("Observation.status", "code-invalid")),
        (
            observation("x", effectiveDateTime="2026-01-01T10:00:00"),
            ("Observation.effectiveDateTime", "value"),
        ),
        (
            observation("x", valueQuantity={"value": "1"}),
            ("Observation.valueQuantity.value", "value"),
        ),
        (
            observation("x", valueString="a", valueInteger=1),
            ("Observation.valueInteger", "structure"),
        ),
        ({"resourceType": "Observation"}, ("Observation.code", "required")),
        ({"resourceType": "Nonsense"}, ("resourceType", "structure")),
        ({}, ("resourceType", "structure")),
        ([], ("", "structure")),
    ],
)
def test_what_breaks_the_definitions_is_refused_where_it_breaks_them(resource, issue):
    assert issue in issues_of(resource)


@pytest.mark.parametrize(
    "resource",
    [
        patient(_birthDate={"extension": [{"url": "http://x", "valueCode": "unknown"}]}),
        patient(name=[{"given": ["a", None], "_given": [None, {"id": "x"}]}]),
        observation(
            "x",
            valueString="blood",
            _valueString={"extension": [{"url": "http://t", "valueString": "血"}]},
        ),
        observation("x", valueQuantity={"value": Decimal("1E+245")}),
        observation("x", subject={"reference": "#p"}, contained=[patient(id="p")]),
        observation("x", subject={"reference": "http://elsewhere/fhir/Patient/1"}),
        observation("x", subject={"reference": "urn:uuid:5"}),
        {"resourceType": "Questionnaire", "status": "active",
         "item": [{"linkId": "1", "type": "group", "item": [{"linkId": "2", "type": "display"}]}]},
    ],
)  # fmt: skip
def test_what_is_unusual_and_right_passes(resource):
    assert issues_of(resource) == []


def test_a_mistake_deep_in_a_form_is_found():
    item = {"linkId": "1", "type": "group", "item": [{"type": "display"}]}
    form = {"resourceType": "Questionnaire", "status": "active", "item": [item]}

    assert issues_of(form) == [("Questionnaire.item[0].item[0].linkId", "required")]


def nested(levels: int) -> bytes:
    extension = '{"url":"http://x","valueString":"a"}'
    for _ in range(levels):
        extension = f'{{"url":"http://x","extension":[{extension}]}}'
    return f'{{"resourceType":"Patient","extension":[{extension}]}}'.encode()


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "not valid JSON"),
        (b"{", "not valid JSON"),
        (b'{"a":1,"a":2}', "comes twice"),
        (b'{"a":{"b":1,"b":2}}', "comes twice"),
        (b'{"a":"x\\u0000y"}', "null character"),
        (b'{"a":"\\ud800"}', "UTF-8"),
        (b'{"a":"\xff"}', "UTF-8"),
        (b'{"a":NaN}', "no JSON number"),
        (b'{"a":1e99999999999999999999}', "not valid JSON"),
        (b'{"a":' + b"9" * 5000 + b"}", "not valid JSON"),
        (nested(60), "levels"),
        (nested(400), "levels"),
        (b"[" * 100_000, "levels"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "levels"),
    ],
    ids=lambda value: None,
)
def test_a_text_that_readers_may_misunderstand_is_refused(raw, said):
    with override("en"), pytest.raises(Malformed, match=said):
        text.decode(raw)


@pytest.mark.parametrize("raw", [b'{"a":"\\\\u0000"}', b'{"a":"\\ud83d\\ude00"}', nested(40)])
def test_a_text_that_only_looks_like_it_is_read(raw):
    assert json.loads(raw.decode()).keys() == text.decode(raw).keys()


@pytest.mark.parametrize("value", ["1.00", "66.899999999999991", "1E+245", "-0.0"])
def test_a_decimal_keeps_its_digits(value):
    assert str(text.decode(f'{{"a":{value}}}'.encode())["a"]) == value
    assert text.encode({"a": Decimal(value)}) == f'{{"a":{value}}}'.encode()
