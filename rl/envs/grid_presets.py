"""Maps worth playing with, each with a sentence of what to notice."""

from typing import NamedTuple

from rl.envs.grid_world import GridWorld


class Preset(NamedTuple):
    """A world to begin with, under the name it is chosen by."""

    name: str
    notice: str
    world: GridWorld


PRESETS: tuple[Preset, ...] = (
    Preset(
        "First steps",
        "Watch the goal's value spread backwards, one cell an episode, until it has reached the start.",
        GridWorld(),
    ),
    Preset(
        "Russell & Norvig's 4x3",
        "In the bottom row the best policy walks left, the long way round: slipping into the pit costs more.",
        GridWorld.from_text("""
            ...G
            .#.H
            S...
            """, slip=0.2),
    ),
    Preset(
        "Near or far",
        "Four steps to the left wait 1, ten to the right 10. Below a discount of 0.68 the near goal is the better one; "
        "above it, an agent that explores little still tends to settle for it.",
        GridWorld(map="G...S.........G", rewards="14=9", step_reward=0.0),
    ),
    Preset(
        "Bridge",
        "Without slip the bridge is best. Raise the slip to 0.1 and the long way round is; the map has not changed.",
        GridWorld.from_text("""
            .........
            .........
            .HHHHHHH.
            S.......G
            .HHHHHHH.
            """),
    ),
    Preset(
        "Cliff",
        "Q-learning walks along the edge and falls when it explores; SARSA learns to keep away. Compare their returns.",
        GridWorld.from_text("""
            ............
            ............
            ............
            SCCCCCCCCCCG
            """, step_reward=-1.0, goal_reward=0.0),
    ),
    Preset(
        "Maze",
        "The shortest way is 14 steps. The first episode takes hundreds and teaches one cell: planning does better.",
        GridWorld.from_text("""
            .......#G
            ..#....#.
            S.#....#.
            ..#......
            .....#...
            .........
            """, step_reward=0.0),
    ),
    Preset(
        "Shortcut",
        "Once the agent knows its 16 steps, remove the wall at the right end: a way of 10 opens, and who looks for it?",
        GridWorld.from_text("""
            ........G
            .........
            .........
            .########
            .........
            ...S.....
            """, step_reward=0.0),
    ),
    Preset(
        "Four rooms",
        "All traffic goes through the doorways: their values are learned first, and each room's arrows point to one.",
        GridWorld.from_text("""
            #############
            #S....#.....#
            #.....#.....#
            #...........#
            #.....#.....#
            #.....#.....#
            ##.####.....#
            #.....###.###
            #.....#.....#
            #.....#.....#
            #...........#
            #.....#....G#
            #############
            """, slip=1 / 3, step_reward=0.0),
    ),
    Preset(
        "Every cell a start",
        "At discount 1 a random policy is worth -14 to -22 here, and the best one minus the distance to a corner.",
        GridWorld.from_text("""
            GSSS
            SSSS
            SSSS
            SSSG
            """, step_reward=-1.0, goal_reward=0.0),
    ),
    Preset(
        "Open field",
        "Every way down and right is as short: many policies are optimal, and two seeds need not find the same.",
        GridWorld.from_text("""
            S.......
            ........
            ........
            .......G
            """),
    ),
    Preset(
        "A coin that comes back",
        "The coin pays 0.5 each time it is entered, so the best policy circles round it and never reaches the goal.",
        GridWorld.from_text("""
            .......
            S..#..G
            .......
            """, rewards="16=0.5", horizon=100),
    ),
)
