"""Parts of a page that follow what others do."""

import pytest
from playwright.sync_api import expect

from tests.factories.people import StaffFactory
from tests.marks import committed

pytestmark = committed
# `looked` once an answer is there as a whole and the page has had two frames to use it.
WATCH = """
  const ask = window.fetch;
  window.fetch = async (...what) => {
    const answer = await ask(...what);
    answer.clone().text().then(() => requestAnimationFrame(() => requestAnimationFrame(() => {
      window.looked = answer.url;
    })));
    return answer;
  };
"""
LOOK = "document.dispatchEvent(new CustomEvent('inbox', { detail: { count: 0 } }))"


@pytest.fixture
def board(page_as):
    page = page_as(StaffFactory())
    page.add_init_script(WATCH)
    page.goto("/")
    return page


def test_the_board_is_fetched_again_when_the_inbox_rings(board):
    board.evaluate("document.querySelector('[data-live] h1').textContent = 'old'")
    board.evaluate(LOOK)
    expect(board.locator("[data-live] h1")).not_to_have_text("old")


def test_a_session_that_ended_elsewhere_leaves_the_board_as_it_was(board):
    board.context.clear_cookies()
    board.evaluate(LOOK)
    board.wait_for_function("() => (window.looked || '').includes('/accounts/login/')")
    expect(board.locator("[data-live] h1")).to_be_visible()
    expect(board.locator("[data-live] input[name=password]")).to_have_count(0)
