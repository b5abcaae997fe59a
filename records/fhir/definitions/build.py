"""
Make the committed tables from the official R4 4.0.1 package. A developer runs it, seldom:

    npm pack hl7.fhir.r4.examples@4.0.1 && tar xzf hl7.fhir.r4.examples-4.0.1.tgz
    python -m records.fhir.definitions.build package

It writes elements.json, codes.json, search.json and compartment.json beside itself, one type a
line. `types.json` is not its business: that list is frozen, and grows by hand at its end.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
FHIRPATH = "http://hl7.org/fhirpath/"
# Profiled extensions and examples travel in the same package; they are not the base standard.
FOREIGN = re.compile(r"-extensions-|-genetic-|^example")
SKIPPED = {"_id", "_lastUpdated", "_text", "_content", "_query", "_filter"}  # no element behind
STEP = re.compile(r"where\(resolve\(\) is \w+\)|where\([^)]*\)|as\(\w+\)|ofType\(\w+\)|\w+")
ANY = 100  # a reference with more target types than this is open to all
Json = dict[str, Any]


def load(package: Path, kind: str) -> Iterator[Json]:
    for path in sorted(package.glob(f"{kind}-*.json")):
        resource = json.loads(path.read_text())
        if resource.get("resourceType") == kind:
            yield resource


def elements(package: Path) -> tuple[Json, set[str]]:
    """
    {type: [kind, [[path, min, many, types, value set, content reference], …]]}

    A type is its code, with targets after a colon: "Reference:Patient,Group".
    """
    table: Json = {}
    bound: set[str] = set()
    for definition in load(package, "StructureDefinition"):
        name, kind = definition["id"], definition["kind"]
        base = name in ("Element", "Resource")
        if kind == "logical" or not (base or definition.get("derivation") == "specialization"):
            continue
        if kind == "resource" and definition.get("abstract"):
            continue
        rows = []
        for element in definition["snapshot"]["element"][1:]:
            if element.get("max") == "0":
                continue
            value_set = required_value_set(element)
            bound |= {value_set} if value_set else set()
            many = element["max"] != "1" and element["base"]["max"] not in ("0", "1")
            types = [type_text(t, element["path"]) for t in element.get("type", ())]
            if kind == "resource" and element["path"] == f"{name}.id":
                types = ["id"]
            reference = element.get("contentReference", "").rpartition("#")[2]
            row = [element["path"].partition(".")[2], element["min"], int(many), types]
            rows.append([*row, value_set, reference] if value_set or reference else row)
        table[name] = [kind, rows]
    return table, bound


def type_text(declared: Json, path: str) -> str:
    code = declared["code"]
    if code.startswith(FHIRPATH):
        urls = (e.get("valueUrl") for e in declared.get("extension", ()) if "fhir-type" in e["url"])
        code = next((url for url in urls if url), "string")
    targets = sorted({url.rsplit("/", 1)[1] for url in declared.get("targetProfile", ())})
    if "Resource" in targets or not targets or code != "Reference":
        return code
    return f"{code}:{','.join(targets)}"


def required_value_set(element: Json) -> str:
    binding = element.get("binding", {})
    if binding.get("strength") != "required":
        return ""
    return binding.get("valueSet", "").partition("|")[0]


class ValueSets:
    """Expands what the package itself can expand; open ones (languages, MIME types) stay open."""

    def __init__(self, package: Path) -> None:
        self.sets = {v["url"]: v for v in load(package, "ValueSet") if "url" in v}
        self.systems = {c["url"]: c for c in load(package, "CodeSystem") if "url" in c}

    def expand(self, url: str) -> set[str] | None:
        compose = self.sets.get(url.partition("|")[0], {}).get("compose")
        if not compose:
            return None
        codes: set[str] = set()
        for include in compose["include"]:
            part = self.part(include)
            if part is None:
                return None
            codes |= part
        for exclude in compose.get("exclude", ()):
            part = self.part(exclude)
            if part is None:
                return None
            codes -= part
        return codes

    def part(self, include: Json) -> set[str] | None:
        if "filter" in include:
            return None
        if "concept" in include:
            return {concept["code"] for concept in include["concept"]}
        if "valueSet" in include:
            parts = [self.expand(url) for url in include["valueSet"]]
            known = [part for part in parts if part is not None]
            return set.intersection(*known) if len(known) == len(parts) else None
        system = self.systems.get(include.get("system", ""))
        if system is None or system.get("content") != "complete":
            return None
        return set(concepts(system.get("concept", ())))


def concepts(nested: list[Json]) -> Iterator[str]:
    for concept in nested:
        yield concept["code"]
        yield from concepts(concept.get("concept", []))


def search(package: Path) -> Json:
    """{type: {code: [kind, [path, …], [target, …]]}}; a path is a list of steps (see `steps`)."""
    table: Json = {}
    for parameter in load(package, "SearchParameter"):
        code, kind = parameter["code"], parameter["type"]
        if FOREIGN.search(parameter["id"]) or code in SKIPPED or code.startswith("combo-"):
            continue
        if kind in ("composite", "special") or not parameter.get("expression"):
            continue
        parts = [part.strip() for part in re.split(r"\s\|\s", parameter["expression"])]
        for base in parameter["base"]:
            paths = [path for part in parts if (path := steps(part, base)) is not None]
            if paths:
                targets = sorted(parameter.get("target", ()))
                anything = len(targets) > ANY
                entry = [kind, paths, [] if anything else targets]
                table.setdefault(base, {})[code] = entry
    return {base: dict(sorted(table[base].items())) for base in sorted(table)}


def steps(expression: str, base: str) -> list[str] | None:
    """
    "(Observation.value as Quantity)" -> ["value", "as:Quantity"]; None when about another type.

    Other steps: "where:system=phone", "is:Patient" (resolve() is …), "exists".
    """
    if ".exists() and " in expression:
        field = expression.partition(".exists()")[0].partition(".")[2]
        return [field, "exists"] if expression.startswith(f"{base}.") else None
    text = re.sub(r"^\(([\w.]+) as (\w+)\)", r"\1.as(\2)", expression)
    root, _, rest = text.partition(".")
    if root != base or "[" in rest or "hasExtension" in rest or "extension(" in rest:
        return None
    found = []
    for step in STEP.findall(rest):
        if step.startswith("where(resolve"):
            found.append(f"is:{step.split()[-1][:-1]}")
        elif step.startswith("where("):
            key, _, value = step[6:-1].partition("=")
            found.append(f"where:{key}={value.strip(chr(39))}")
        elif "(" in step:
            found.append(f"as:{step.partition('(')[2][:-1]}")
        else:
            found.append(step)
    return found


def compartment(package: Path) -> Json:
    """{type: [parameters that put it into a patient's compartment]}"""
    definition = json.loads((package / "CompartmentDefinition-patient.json").read_text())
    return {r["code"]: r["param"] for r in definition["resource"] if r.get("param")}


def write(name: str, table: Json) -> None:
    lines = (
        f"{json.dumps(key)}:{json.dumps(value, separators=(',', ':'))}"
        for key, value in sorted(table.items())
    )
    (HERE / name).write_text("{\n" + ",\n".join(lines) + "\n}\n")


def main(package: Path) -> None:
    table, bound = elements(package)
    sets = ValueSets(package)
    expanded = {url: sets.expand(url) for url in sorted(bound)}
    write("elements.json", table)
    write("codes.json", {url: sorted(codes) for url, codes in expanded.items() if codes})
    write("search.json", search(package))
    write("compartment.json", compartment(package))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
