"""What the viewer needs to know of a study before the first picture: one JSON object."""

from typing import Any

from django.urls import reverse

from records.imaging import geometry, reasons
from records.imaging.models import Instance, Series, Study

Json = dict[str, Any]
Names = dict[str, str]  # of the URLs, by what is fetched there
ADDRESSES = {
    "pixels": "imaging:pixels",
    "preview": "imaging:preview",
    "waveform": "imaging:waveform",
}

# Windows by key, 1 to 5: (word, centre, width), HU. The words are in words.py.
CT_WINDOWS = [
    ("lung", -600, 1500),
    ("mediastinum", 40, 400),
    ("bone", 500, 2000),
    ("brain", 40, 80),
    ("subdural", 75, 215),
]
HEAD_FIRST = ["brain", "subdural", "bone", "mediastinum", "lung"]
HEAD = ("HEAD", "BRAIN", "SKULL")
PLACEHOLDER = "00000000-0000-0000-0000-000000000000"


def build(study: Study) -> Json:
    """`study` comes from queries.whole_study. Lengths are in mm, values are v·slope + intercept."""
    patient = study.patient
    return pictures_of(study, list(study.series.all()), ADDRESSES) | {
        "page": reverse("imaging:study", args=[study.pk]),
        "study": {
            "id": str(study.pk),
            "uid": study.study_uid,
            "described": study.described,
            "modality": study.modality,
            "at": study.studied_at.isoformat() if study.studied_at else "",
            "organisation": study.organisation.name,
        },
        "patient": {
            "id": str(patient.pk),
            "name": patient.name,
            "sex": patient.sex,
            "age": patient.age_on(),
        },
    }


def shown_first(said: Json) -> tuple[str, int] | None:
    """Instance and frame that the viewer opens with: the middle of the first stack."""
    if not said["series"]:
        return None
    stack = said["series"][0]
    middle = stack["common"] | stack["slices"][len(stack["slices"]) // 2]
    return None if middle["whyNot"] else (middle["instance"], middle["frame"])


def build_veiled(study: Study, series: str, *, addresses: Names, within: Any, called: str) -> Json:
    """
    The same of one series (all of them: "") for who may see the pictures and not whose they are.

    Nothing in it is a name, a number or a date of the patient, and no text that was typed at the
    machine. `within` is what the addresses take before the instance.
    """
    chosen = [one for one in study.series.all() if series in ("", one.series_uid)]
    said = pictures_of(study, chosen, addresses, within)
    for one in [*said["series"], *said["ecgs"]]:
        one["description"] = ""
    unsaid = dict.fromkeys(["uid", "described", "at", "organisation"], "")
    return said | {
        "study": {"id": str(study.pk), "modality": study.modality, **unsaid},
        "patient": {"id": "", "name": called, "sex": "", "age": None},
    }


def pictures_of(study: Study, chosen: list[Series], addresses: Names, *within: Any) -> Json:
    """What is in those series, and where it is fetched."""
    return {
        "urls": {kind: address(name, kind, *within) for kind, name in addresses.items()},
        "pictures": sum(one.frame_count for part in chosen for one in part.instances.all()),
        "series": [stack for one in chosen for stack in stacks_of(one, study)],
        "ecgs": [ecg for one in chosen for ecg in recordings_of(one)],
    }


def address(name: str, kind: str, *within: Any) -> str:
    """A pattern in which the viewer puts the instance and the frame."""
    which = [PLACEHOLDER] if kind == "waveform" else [PLACEHOLDER, 0]
    url = reverse(name, args=[*within, *which])
    return url.replace(f"{PLACEHOLDER}/0", "{instance}/{frame}").replace(PLACEHOLDER, "{instance}")


def recordings_of(series: Series) -> list[Json]:
    """
    The ECGs of a series, each under a name of its own. A sample is (stored · gain + offset) µV.
    """
    heard = [one for one in series.instances.all() if one.is_recording]
    return [
        {
            "uid": f"{series.series_uid}#{place + 1}" if place else series.series_uid,
            "instance": str(one.pk),
            "number": series.number,
            "modality": series.modality,
            "description": series.description,
            **{name: one.facts["waveform"][name] for name in ("rate", "samples", "leads")},
        }
        for place, one in enumerate(heard)
    ]


def stacks_of(series: Series, study: Study) -> list[Json]:
    """A series as the stacks it falls into: one direction, one size, in order."""
    found = geometry.stacks(
        [
            geometry.Slice(
                key=(instance, index),
                position=instance.frame(index)["position"],
                orientation=instance.frame(index)["orientation"] or instance.facts["orientation"],
                matrix=matrix(instance),
                number=(instance.number or 0) * 100_000 + index,
            )
            for instance in series.instances.all()
            if not instance.is_recording and not instance.is_document
            for index in range(instance.frame_count)
        ]
    )
    found.sort(key=lambda stack: -len(stack.slices))
    return [one_stack(series, study, stack, place) for place, stack in enumerate(found)]


def matrix(instance: Instance) -> tuple[Any, ...]:
    facts = instance.facts
    localiser = "LOCALIZER" in facts["image_type"]
    spacing = tuple(facts["spacing"] or ())
    said = facts.get("attachment", "")
    return facts["rows"], facts["columns"], facts["samples"], spacing, localiser, said


def one_stack(series: Series, study: Study, stack: geometry.Stack, place: int) -> Json:
    slices = [one_slice(stack, at) for at in range(len(stack.slices))]
    common, differing = shared(slices)
    gaps = stack.gaps
    windows = presets(series, study)
    return {
        "uid": f"{series.series_uid}#{place + 1}" if place else series.series_uid,
        "number": series.number,
        "modality": series.modality,
        "description": series.description,
        "letters": geometry.edges(stack.orientation),
        "tilt": round(stack.tilt, 1),
        "gaps": {"min": round(min(gaps), 2), "max": round(max(gaps), 2)} if gaps else None,
        "even": stack.even,
        "presets": windows,
        "attachment": stack_kind(stack),
        "common": common,
        "slices": differing,
    }


def stack_kind(stack: geometry.Stack) -> str:
    """What a clinic said of these photographs; a paper ECG is marked and not measured."""
    instance, _index = stack.slices[0].key
    return str(instance.facts.get("attachment", ""))


def one_slice(stack: geometry.Stack, at: int) -> Json:
    instance, index = stack.slices[at].key
    facts, frame = instance.facts, instance.frame(index)
    why_not = facts["why_not_shown"]
    return {
        "instance": str(instance.pk),
        "frame": index,
        "number": instance.number,
        "rows": facts["rows"],
        "columns": facts["columns"],
        "colour": facts["samples"] == 3 or facts["photometric"] == "PALETTE COLOR",
        "invert": facts["photometric"] == "MONOCHROME1",
        "spacing": facts["spacing"],
        "spacingKind": facts["spacing_kind"],
        "regions": facts["regions"],
        "thickness": facts["thickness"],
        "unit": facts["unit"],
        "slope": frame["slope"],
        "intercept": frame["intercept"],
        "window": frame["window"],
        "location": round(stack.locations[at], 2) if stack.locations else None,
        "whyNot": reasons.reason(why_not) if why_not else "",
    }


def shared(slices: list[Json]) -> tuple[Json, list[Json]]:
    """Split off what all slices say alike, so that 1,500 of them stay small."""
    first = slices[0]
    same = {name for name in first if all(one[name] == first[name] for one in slices)}
    common = {name: first[name] for name in first if name in same}
    return common, [{k: v for k, v in one.items() if k not in same} for one in slices]


def presets(series: Series, study: Study) -> list[Json]:
    """The windows of the keys 1 to 5, the likeliest for this body part first; CT only."""
    if series.modality != "CT":
        return []
    about = f"{series.body_part} {series.description} {study.described}".upper()
    windows = {word: (centre, width) for word, centre, width in CT_WINDOWS}
    order = HEAD_FIRST if any(word in about for word in HEAD) else list(windows)
    return [{"word": word, "centre": windows[word][0], "width": windows[word][1]} for word in order]
