//! The response curve: how many had answered by each day, with the reminders marked.

use dataset::DataSet;
use instrument::{Lang, Plan};
use jiff::Span;
use jiff::civil::Date;

use super::svg::{ACCENT, Anchor, LINE, Layout, MUTED, Svg, TextStyle, text_width};
use super::table::Table;
use crate::words::Words;

/// How the answers to a round came in.
pub(crate) struct ResponseCurve {
    invited: usize,
    /// Every day from the opening to the last, with those who answered on it and until then.
    days: Vec<Day>,
    /// The days of the reminders, in order.
    reminders: Vec<Date>,
}

struct Day {
    day: Date,
    new: usize,
    in_all: usize,
}

/// What a curve says beside its figures, in one language. `{rate}` and `{day}` are filled in.
pub(crate) struct CurveWords {
    /// What it shows; the rate is that of the last day.
    title: &'static str,
    reminders: &'static str,
    before_reminder: &'static str,
    at_last: &'static str,
    /// The headings of its table.
    head: [&'static str; 4],
}

const NB: CurveWords = CurveWords {
    title: "{rate} av de inviterte hadde svart {day}",
    reminders: "Stiplede linjer er påminnelser",
    before_reminder: "Før påminnelsen {day} hadde {rate} svart.",
    at_last: "{day} hadde {rate} svart.",
    head: ["Dag", "Nye svar", "Svar i alt", "Andel av de inviterte"],
};

const NN: CurveWords = CurveWords {
    title: "{rate} av dei inviterte hadde svart {day}",
    reminders: "Stipla linjer er påminningar",
    before_reminder: "Før påminninga {day} hadde {rate} svart.",
    at_last: "{day} hadde {rate} svart.",
    head: ["Dag", "Nye svar", "Svar i alt", "Del av dei inviterte"],
};

const EN: CurveWords = CurveWords {
    title: "By {day}, {rate} of those invited had answered",
    reminders: "Dashed lines are reminders",
    before_reminder: "Before the reminder of {day}, {rate} had answered.",
    at_last: "By {day}, {rate} had answered.",
    head: ["Day", "New answers", "Answers in all", "Share of those invited"],
};

impl CurveWords {
    fn of(lang: Lang) -> &'static CurveWords {
        if lang == Lang::EN {
            &EN
        } else if lang == Lang::NN {
            &NN
        } else {
            &NB
        }
    }
}

/// Where the curve lies in its drawing.
struct Plot {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    first: Date,
    days: f64,
}

impl Plot {
    fn x(&self, day: Date) -> f64 {
        let since = day.duration_since(self.first).as_hours() as f64 / 24.0;
        self.left + (self.right - self.left) * since / self.days
    }

    fn y(&self, percent: f64) -> f64 {
        self.bottom - (self.bottom - self.top) * percent / 100.0
    }
}

impl ResponseCurve {
    /// Counts the answers of a round by day; `None` where the data set does not know the days.
    pub(crate) fn of(data: &DataSet, plan: &Plan) -> Option<ResponseCurve> {
        let (first, last) = (data.answered_on.first()?.0, data.answered_on.last()?.0);
        let (first, last) = (first.min(plan.opens), last.max(plan.closes));
        let mut in_all = 0;
        let days = first.series(Span::new().days(1)).take_while(|day| *day <= last);
        let days = days.map(|day| {
            let new = data.answered_on.iter().find(|(of, _)| *of == day).map_or(0, |(_, n)| *n);
            in_all += new;
            Day { day, new, in_all }
        });
        let days = days.collect();
        let mut reminders = plan.reminders.clone();
        reminders.retain(|day| first <= *day && *day <= last);
        reminders.sort();
        Some(ResponseCurve { invited: data.units.len(), days, reminders })
    }

    /// Returns what it shows, as a sentence.
    pub(crate) fn title(&self, words: &Words) -> String {
        self.filled(CurveWords::of(words.lang).title, self.days.last(), words)
    }

    /// Draws the curve. `id` is its address on the page.
    pub(crate) fn draw(&self, layout: Layout, id: &str, words: &Words) -> String {
        let mut svg = Svg::new(layout);
        let plot = self.plot(layout);
        svg.text(0.0, 14.0, TextStyle::MUTED, CurveWords::of(words.lang).reminders);
        axes(&mut svg, &plot, words);
        self.remind(&mut svg, &plot, layout, words);
        let day_before = self.days.first().map(|first| (plot.x(first.day), plot.y(0.0)));
        let points = self.days.iter().map(|day| (plot.x(day.day), plot.y(self.percent(day))));
        svg.path(day_before.into_iter().chain(points), ACCENT, 2.5);
        if let Some(last) = self.days.last() {
            let (x, y) = (plot.x(last.day), plot.y(self.percent(last)));
            svg.point(x, y, true);
            let rate = words.percent_sign(self.percent(last));
            svg.text(plot.right, y - 12.0, TextStyle::BOLD.at(Anchor::End), &rate);
        }
        svg.reach(plot.bottom + layout.line() + 4.0);
        svg.finish(id, &self.title(words), &self.description(words))
    }

    /// Returns the table behind the curve.
    pub(crate) fn table(&self, words: &Words) -> Table {
        let row = |day: &Day| {
            let counts = [words.count(day.new), words.count(day.in_all)];
            let share = words.percent_sign(self.percent(day));
            [words.date(day.day)].into_iter().chain(counts).chain([share]).collect()
        };
        Table {
            head: CurveWords::of(words.lang).head.map(str::to_owned).into(),
            rows: self.days.iter().filter(|day| day.new > 0).map(row).collect(),
            key: vec![],
        }
    }

    /// Returns every day as CSV. `simulated` is said of every row.
    pub(crate) fn csv(&self, simulated: bool) -> Vec<u8> {
        let mut text = "date,new,answered,invited,reminder,simulated\n".to_owned();
        for Day { day, new, in_all } in &self.days {
            let reminder = self.reminders.contains(day);
            let invited = self.invited;
            text.push_str(&format!("{day},{new},{in_all},{invited},{reminder},{simulated}\n"));
        }
        text.into_bytes()
    }

    fn percent(&self, day: &Day) -> f64 {
        100.0 * day.in_all as f64 / self.invited.max(1) as f64
    }

    fn filled(&self, text: &str, day: Option<&Day>, words: &Words) -> String {
        let Some(day) = day else { return String::new() };
        let date = words.notation().day_of_year(day.day);
        text.replace("{rate}", &words.percent_sign(self.percent(day))).replace("{day}", &date)
    }

    /// Says the curve in words, for those who do not see it.
    fn description(&self, words: &Words) -> String {
        let own = CurveWords::of(words.lang);
        let before = |reminder: &Date| {
            let until = self.days.iter().rev().find(|day| day.day < *reminder)?;
            let rate = words.percent_sign(self.percent(until));
            let date = words.notation().day_of_year(*reminder);
            Some(own.before_reminder.replace("{rate}", &rate).replace("{day}", &date))
        };
        let mut said: Vec<String> = self.reminders.iter().filter_map(before).collect();
        said.push(self.filled(own.at_last, self.days.last(), words));
        said.join(" ")
    }

    fn plot(&self, layout: Layout) -> Plot {
        let first = self.days.first().map_or(Date::ZERO, |day| day.day);
        let top = 14.0 + 3.0 * layout.line();
        let height = match layout {
            Layout::Wide => 220.0,
            Layout::Narrow => 190.0,
        };
        Plot {
            left: text_width("100\u{a0}%", layout.font()) + 8.0,
            right: layout.width() - 8.0,
            top,
            bottom: top + height,
            first,
            days: (self.days.len().max(2) - 1) as f64,
        }
    }

    /// Marks the reminders; a date that would stand on the one before it stands a line lower.
    fn remind(&self, svg: &mut Svg, plot: &Plot, layout: Layout, words: &Words) {
        let mut free = [f64::NEG_INFINITY; 2];
        for reminder in &self.reminders {
            let x = plot.x(*reminder);
            let date = words.notation().day_of_year(*reminder);
            let half = text_width(&date, layout.font()) / 2.0;
            let middle = x.clamp(plot.left + half, plot.right - half);
            let row = free.iter().position(|end| *end < middle - half).unwrap_or(1);
            free[row] = middle + half + 8.0;
            let y = plot.top - 10.0 - (1 - row) as f64 * layout.line();
            svg.dashed((x, y + 5.0), (x, plot.bottom), MUTED);
            svg.text(middle, y, TextStyle::PLAIN.at(Anchor::Middle), &date);
        }
    }
}

/// Draws the percents and the first and the last day.
fn axes(svg: &mut Svg, plot: &Plot, words: &Words) {
    for percent in [0.0, 25.0, 50.0, 75.0, 100.0] {
        let y = plot.y(percent);
        svg.line((plot.left, y), (plot.right, y), LINE, 1.0);
        let label = match percent {
            100.0 => words.percent_sign(percent),
            percent => words.whole(percent as i64),
        };
        svg.text(plot.left - 6.0, y + 5.0, TextStyle::MUTED.at(Anchor::End), &label);
    }
    let last = plot.first.saturating_add(Span::new().days(plot.days as i64));
    for (x, anchor, day) in
        [(plot.left, Anchor::Start, plot.first), (plot.right, Anchor::End, last)]
    {
        let date = words.notation().day_of_year(day);
        svg.text(x, plot.bottom + 20.0, TextStyle::MUTED.at(anchor), &date);
    }
}
