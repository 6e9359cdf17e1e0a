//! A map of areas: each group of units where it lies, in its own shape.

use std::collections::BTreeSet;

use super::GroupBar;
use super::svg::{Layout, MUTED, PANEL, Svg};
use super::tiles::{Classes, Map, Tile, labels, legend, narrowing};
use crate::boundaries::Ring;
use crate::words::Words;

/// The most that a map is wide and high.
const ROOM: (f64, f64) = (430.0, 600.0);

/// The side of the squares by which names find room on the areas.
const SIDE: f64 = 12.0;

/// Draws the map with the name and the figure of each group on it. `areas` are those of the groups.
pub(super) fn draw(groups: &[GroupBar], areas: &[Vec<Ring>], layout: Layout, words: &Words) -> Svg {
    let mut svg = Svg::new(layout);
    let classes = Classes::of(groups);
    let legend_size = classes.size(layout, words);
    let mut drawn = Drawn::of(areas, layout);
    let mut squares = drawn.squares();
    let covers = |tile: &Tile| {
        (tile.column as f64 * SIDE) < legend_size.0 + SIDE
            && (tile.row as f64 * SIDE) < legend_size.1 + SIDE
    };
    if squares.iter().any(covers) {
        drawn.move_down(legend_size.1 + SIDE);
        squares = drawn.squares();
    }
    for (group, rings) in groups.iter().zip(&drawn.areas) {
        svg.area(rings, classes.tone(group).unwrap_or(PANEL), MUTED);
    }
    let hidden =
        |tile: &&Tile| groups.get(tile.group).is_some_and(|group| classes.tone(group).is_none());
    svg.strokes(squares.iter().filter(hidden).map(|tile| {
        let (x, y) = (tile.column as f64 * SIDE, tile.row as f64 * SIDE);
        [(x + 2.0, y + SIDE - 2.0), (x + SIDE - 2.0, y + 2.0)]
    }));
    let map = Map {
        side: SIDE,
        left: 0.0,
        bottom: drawn.bottom(),
        width: layout.width(),
        legend: legend_size,
    };
    for label in labels::place(groups, &squares, &map, words) {
        label.draw(&mut svg);
    }
    legend(&mut svg, &classes, layout, words);
    svg.reach(map.bottom + 4.0);
    svg
}

/// The points of a closed line in half units of the drawing, the last not repeated.
type Line = Vec<(i64, i64)>;

/// The areas as they lie on the drawing.
struct Drawn {
    areas: Vec<Vec<Line>>,
}

impl Drawn {
    /// Projects areas and fits them into the drawing. Points are put on a grid of half a unit, where the
    /// neighbour's fall on the same places: lines lose the points that nobody sees and leave no gap.
    fn of(areas: &[Vec<Ring>], layout: Layout) -> Drawn {
        let flat = |(lon, lat): &(f64, f64)| ((lon - 15.0) * narrowing(*lat), -lat);
        let points = || areas.iter().flatten().flatten().map(flat);
        let least = |side: fn((f64, f64)) -> f64| points().map(side).fold(f64::INFINITY, f64::min);
        let most =
            |side: fn((f64, f64)) -> f64| points().map(side).fold(f64::NEG_INFINITY, f64::max);
        let (left, top) = (least(|at| at.0), least(|at| at.1));
        let (wide, high) = (most(|at| at.0) - left, most(|at| at.1) - top);
        let room = layout.width().min(ROOM.0);
        let scale = (room / wide.max(1e-9)).min(ROOM.1 / high.max(1e-9));
        let margin = (layout.width() - wide * scale) / 2.0;
        let place = |point: &(f64, f64)| {
            let (x, y) = flat(point);
            let half = |at: f64| (at * 2.0).round() as i64;
            (half(margin + (x - left) * scale), half((y - top) * scale))
        };
        let line = |ring: &Ring| simplified(&ring.iter().map(place).collect::<Line>());
        let lines =
            |rings: &Vec<Ring>| rings.iter().map(line).filter(|line| line.len() > 2).collect();
        Drawn { areas: areas.iter().map(lines).collect() }
    }

    fn move_down(&mut self, by: f64) {
        for point in self.areas.iter_mut().flatten().flatten() {
            point.1 += (by * 2.0).ceil() as i64;
        }
    }

    fn bottom(&self) -> f64 {
        let lowest = self.areas.iter().flatten().flatten().map(|point| point.1).max();
        lowest.unwrap_or_default() as f64 / 2.0
    }

    /// Returns the squares whose middle lies in an area; one of its own where an area has none.
    fn squares(&self) -> Vec<Tile> {
        let half = 2.0 * SIDE;
        let mut squares = vec![];
        for (group, lines) in self.areas.iter().enumerate() {
            let Some((first, last)) = extent(lines) else { continue };
            let of = |at: i64| (at.max(0) as f64 / half) as usize;
            let mut found = BTreeSet::new();
            for row in of(first.1)..=of(last.1) {
                let middle = (row as f64 + 0.5) * half;
                for column in of(first.0)..=of(last.0) {
                    if is_inside(lines, ((column as f64 + 0.5) * half, middle)) {
                        found.insert((column, row));
                    }
                }
            }
            if found.is_empty() {
                found.insert((of((first.0 + last.0) / 2), of((first.1 + last.1) / 2)));
            }
            squares.extend(found.into_iter().map(|(column, row)| Tile { column, row, group }));
        }
        squares
    }
}

/// Returns the upper left and the lower right of some lines.
fn extent(lines: &[Line]) -> Option<((i64, i64), (i64, i64))> {
    let across = || lines.iter().flatten().map(|point| point.0);
    let down = || lines.iter().flatten().map(|point| point.1);
    Some(((across().min()?, down().min()?), (across().max()?, down().max()?)))
}

/// Returns whether a point is inside: whether a line from it to the right crosses an odd number of others.
fn is_inside(lines: &[Line], (x, y): (f64, f64)) -> bool {
    let mut inside = false;
    for line in lines {
        for (place, to) in line.iter().enumerate() {
            let from = line[(place + line.len() - 1) % line.len()];
            let ((x1, y1), (x2, y2)) = ((from.0 as f64, from.1 as f64), (to.0 as f64, to.1 as f64));
            if (y1 > y) != (y2 > y) && x < x1 + (y - y1) / (y2 - y1) * (x2 - x1) {
                inside = !inside;
            }
        }
    }
    inside
}

/// Leaves out the points that fall on the one before or on the way to the next.
fn simplified(line: &Line) -> Line {
    let mut kept: Line = vec![];
    for point in line {
        if kept.last() == Some(point) {
            continue;
        }
        if let [.., before, middle] = kept.as_slice()
            && is_on_the_way(*before, *middle, *point)
        {
            kept.pop();
        }
        kept.push(*point);
    }
    if kept.len() > 1 && kept.first() == kept.last() {
        kept.pop();
    }
    kept
}

fn is_on_the_way(from: (i64, i64), by: (i64, i64), to: (i64, i64)) -> bool {
    let (first, second) = ((by.0 - from.0, by.1 - from.1), (to.0 - by.0, to.1 - by.1));
    first.0 * second.1 == first.1 * second.0 && first.0 * second.0 + first.1 * second.1 > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_lose_the_points_that_nobody_sees() {
        let line = vec![(0, 0), (0, 0), (2, 0), (4, 0), (4, 4), (4, 4), (0, 4), (0, 0)];
        assert_eq!(simplified(&line), [(0, 0), (4, 0), (4, 4), (0, 4)]);
        // What turns back is a point of its own.
        assert_eq!(simplified(&vec![(0, 0), (4, 0), (2, 0)]), [(0, 0), (4, 0), (2, 0)]);
    }

    #[test]
    fn a_hole_is_outside() {
        let square = |low: i64, high: i64| vec![(low, low), (high, low), (high, high), (low, high)];
        let lines = [square(0, 10), square(4, 6)];
        assert!(is_inside(&lines, (2.0, 2.0)) && !is_inside(&lines, (5.0, 5.0)));
        assert!(!is_inside(&lines, (12.0, 5.0)));
    }
}
