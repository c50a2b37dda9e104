"""Whatever is moved on whichever page, no error is shown."""

import ast

import pytest

from pages.parts.arrival import open_player
from rl.envs import ENVS
from rl.link import to_query_string
from tests.pages.app import FILES, ROOT, each_move, move, moves, opened, player, tabs, unharmed, widgets

pytestmark = pytest.mark.usefixtures("few_seeds")


@pytest.fixture(params=FILES)
def page(request):
    return request.param


def test_the_menu_lists_every_page_with_a_title_and_an_icon_of_its_own():
    files = {f"pages/{path.name}" for path in (ROOT / "pages").glob("*.py") if "\nPAGE = " in path.read_text()}
    assert set(FILES) == files and "pages/q_learning.py" in files
    constants = [next(ast.literal_eval(node.value) for node in ast.parse((ROOT / file).read_text()).body
                      if isinstance(node, ast.Assign) and node.targets[0].id == "PAGE") for file in FILES]
    for field in ("title", "icon", "order"):
        assert len({constant[field] for constant in constants}) == len(FILES)


def test_the_first_page_of_the_menu_opens_by_itself():
    assert FILES[0] == "pages/home.py"
    assert any("reinforcement learning" in text.value for text in opened(FILES[0]).markdown)


def test_a_page_opens_without_an_error_and_with_something_to_read(page):
    assert len(opened(page).markdown) > 0


def test_a_page_opens_at_its_preset_and_playing(page):
    me = player(opened(page), page)
    if me is not None:
        preset = open_player({}, _preset(page))
        assert (me.timeline, me.t, me.end) == (preset.timeline, preset.t, preset.end)
        assert me.autoplay and me.note is None


def _preset(page):
    module = __import__(page.removesuffix(".py").replace("/", "."), fromlist=["PRESET"])
    return module.PRESET


def test_every_tab_of_a_page_can_be_opened(page):
    at = opened(page)
    for key, label in tabs(at):
        at.session_state[key] = label
        unharmed(at.run())
        if me := player(at, page):
            assert me.note is None


def test_all_that_can_be_moved_has_a_key_and_help_where_it_is_a_setting(page):
    for widget in widgets(opened(page)):
        assert widget.key
        assert widget.type == "button" or widget.help


def test_everything_on_a_page_can_be_moved_anywhere_it_goes(page):
    at = opened(page)
    if player(at, page):
        for _, key, value in each_move(at, to_query_string(_preset(page)), page):
            unharmed(move(at, key, value))
    else:
        for key, value in moves(at):
            unharmed(move(at, key, value))


def test_every_world_can_be_entered_from_others_and_left_again():
    at = opened()
    slugs = [*ENVS]
    for slug in [*slugs[1:], *slugs[-2::-1], *slugs[2::2], *slugs[1::2]]:
        unharmed(move(at, "world.slug", slugs.index(slug)))
        assert player(at).env.slug == slug
