"""What a call takes from the browser's reports for the state of its line."""

import pytest

SAMPLED = """async (seconds) => {
  const { sampler } = await import("/static/rooms/stats.js");
  const sample = sampler();
  const found = [];
  for (const [n, said] of seconds.entries()) {
    const now = { timestamp: n * 1000, currentRoundTripTime: 0.01 };
    const pair = { id: "pair", type: "candidate-pair", nominated: true, ...now };
    const all = new Map([["pair", pair], ...said.map((one) => [one.id, one])]);
    found.push(await sample({ getStats: async () => all }, n * 1000));
  }
  return found.slice(1).map(({ loss, rtt }) => [loss, rtt]);
}"""


def said(stream, at, lost=0.0, rtt=0.01):
    """What the other said of a stream of ours, at that second."""
    return {
        "id": stream,
        "type": "remote-inbound-rtp",
        "timestamp": at * 1000,
        "fractionLost": lost,
        "roundTripTime": rtt,
    }


@pytest.fixture
def sampled(page_as):
    page = page_as(None)
    page.goto("/accounts/login/")
    return lambda seconds: page.evaluate(SAMPLED, seconds)


def test_what_was_said_of_a_picture_that_goes_no_more_is_forgotten(sampled):
    last = said("video", 3, lost=0.4, rtt=2.0)  # it stays in the reports for good
    found = sampled([[last, said("audio", n // 5 * 5)] for n in range(3, 30)])
    assert found[0] == [0.4, 2000]
    assert found[15:] == [[0, 10]] * len(found[15:])


def test_what_is_said_first_of_a_picture_that_is_back_counts_the_old_loss_and_no_more(sampled):
    before = [[said("video", n)] for n in range(3)]
    gone = [[said("video", 2)] for _ in range(3, 30)]
    back = [[said("video", n, lost=0.5 if n == 30 else 0.2)] for n in range(30, 33)]
    losses = [loss for loss, _rtt in sampled(before + gone + back)]
    assert losses[-3:] == [0, 0.2, 0.2]
