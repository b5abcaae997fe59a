"""Order, letters and lengths, against numbers worked out from the files by other means."""

import math
import zlib

import pydicom
import pytest

from records.imaging import children
from records.imaging.geometry import Slice, edges, length_mm, letters, stacks

AXIAL = (1, 0, 0, 0, 1, 0)


def hash_of(name):
    return zlib.crc32(name.encode())  # an order that has nothing to do with the slices


def slices_of(paths):
    found = []
    for path in paths:
        facts, _body = children.call("geometry", "inspect", path=str(path))
        frame = facts["frames"][0]
        found.append(Slice(facts["number"], frame["position"], facts["orientation"]))
    return found


def test_the_tilted_head_is_one_stack_in_order_with_its_uneven_gaps(series):
    paths = series("ct-head-human")
    paths.sort(key=lambda path: hash_of(path.name))

    (stack,) = stacks(slices_of(paths))

    assert [one.key for one in stack.slices] == list(range(1, 29))
    said = {
        float(pydicom.dcmread(p, specific_tags=["GantryDetectorTilt"])[0x181120].value)
        for p in paths
    }
    assert said == {18.5}
    assert stack.tilt == pytest.approx(18.5, abs=0.01)
    # Table positions are 4.22, 1.14 and 7.38 mm apart; across the slices that is its cosine.
    across = math.cos(math.radians(18.5))
    assert stack.gaps[:13] == pytest.approx([4.22 * across] * 13, abs=0.001)
    assert stack.gaps[13] == pytest.approx(1.14 * across, abs=0.001)
    assert stack.gaps[14:] == pytest.approx([7.38 * across] * 13, abs=0.001)
    assert not stack.even
    assert edges(stack.orientation) == {"left": "R", "right": "L", "top": "AH", "bottom": "PF"}


def test_the_plastic_head_is_even_and_straight(series):
    (stack,) = stacks(slices_of(series("ct-head-phantom")))

    assert [one.key for one in stack.slices] == list(range(1, 29))
    assert stack.gaps == pytest.approx([5.0] * 27)
    assert stack.even
    assert stack.tilt == 0
    assert stack.locations[0] == pytest.approx(696.21)
    assert edges(stack.orientation) == {"left": "R", "right": "L", "top": "A", "bottom": "P"}


def test_a_localiser_is_a_stack_of_its_own():
    coronal = (1, 0, 0, 0, 0, -1)
    mixed = [
        Slice("scout", (0, 0, 0), coronal),
        Slice("b", (0, 0, 5), AXIAL),
        Slice("a", (0, 0, 0), AXIAL),
    ]
    assert [[s.key for s in stack.slices] for stack in stacks(mixed)] == [["scout"], ["a", "b"]]


def test_another_matrix_or_the_opposite_direction_is_another_stack():
    slices = [
        Slice("a", (0, 0, 0), AXIAL, (512, 512)),
        Slice("b", (0, 0, 5), AXIAL, (256, 256)),
        Slice("c", (0, 0, 9), (-1, 0, 0, 0, 1, 0), (512, 512)),
    ]
    assert len(stacks(slices)) == 3


def test_slices_without_a_place_are_ordered_by_number():
    slices = [Slice("b", None, None, number=2), Slice("a", None, None, number=1)]
    (stack,) = stacks(slices)
    assert [one.key for one in stack.slices] == ["a", "b"]
    assert stack.locations is None
    assert set(edges(None).values()) == {""}


@pytest.mark.parametrize(
    ("direction", "said"),
    [
        ((1, 0, 0), "L"),
        ((-1, 0, 0), "R"),
        ((0, 0.707, -0.707), "PF"),
        ((-0.5, -0.7, 0.5), "ARH"),
        ((0.05, 0, 0.9987), "H"),
    ],
)
def test_a_direction_is_named_by_its_largest_shares(direction, said):
    assert letters(direction) == said


def test_rows_come_first_in_pixel_spacing():
    assert length_mm((0, 0), (10, 0), (0.5, 0.25)) == 2.5
    assert length_mm((0, 0), (0, 10), (0.5, 0.25)) == 5.0
    assert length_mm((10, 20), (22, 36), (1, 1)) == 20
