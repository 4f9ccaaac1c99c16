"use strict";
// Fills a case when it is opened, and filters the list. Every text goes in as text, never as HTML.
const data = JSON.parse(document.getElementById("data").textContent);
const cases = [...document.querySelectorAll("details.case")];
const text = (number) => data.texts[number];

function make(tag, content, className) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  for (const part of [content].flat()) if (part !== null && part !== undefined) element.append(part);
  return element;
}

function section(title, content) {
  return content.length ? [make("h3", title), ...content] : [];
}

function said([label, number, came]) {
  const marks = { yes: "met", no: "not met" };
  const mark = came ? make("span", ` (${marks[came]})`, came) : null;
  return make("li", [make("strong", `${label}: `), text(number), mark]);
}

function cited(answer, number, shown) {
  const [, place, quote, url, proved] = answer.citations.find((each) => each[0] === number);
  const line = make("p", `[${number}] ${text(place)}${proved ? "" : " (quote not proved)"} `, "cited");
  if (/^https?:/.test(text(url))) {
    const link = make("a", "source");
    link.href = text(url);
    link.rel = "noreferrer";
    link.setAttribute("aria-label", `source of ${text(place)}`);
    line.append(link);
  }
  return text(quote) === shown ? [line] : [line, make("blockquote", text(quote))];
}

function stated(answer) {
  return answer.statements.map(([role, number, citations]) =>
    make("li", [
      make("strong", `${role.replaceAll("_", " ")}: `),
      text(number),
      ...citations.flatMap((each) => cited(answer, each, text(number))),
    ]),
  );
}

function scored([title, value, why, failed, before, was]) {
  const row = make("tr", [make("th", text(title)), make("td", String(value), "figure")]);
  row.firstChild.scope = "row";
  const reasons = [failed ? make("span", "failed. ", "mark failed") : null, text(why)];
  if (before !== null) reasons.push(make("div", `Before: ${before}${text(was) ? `; ${text(was)}` : ""}`, "about"));
  row.append(make("td", reasons));
  return row;
}

function scores(rows) {
  const heads = ["metric", "value", "why"].map((name) => make("th", name));
  heads.forEach((head) => (head.scope = "col"));
  return make("table", [make("thead", make("tr", heads)), make("tbody", rows.map(scored))]);
}

function fill(details) {
  if (details.dataset.filled) return;
  details.dataset.filled = "yes";
  const of = data.cases[Number(details.dataset.number)];
  const answer = of.answer;
  const lines = [
    ...answer.message.map((number) => make("p", text(number))),
    answer.statements.length ? make("ol", stated(answer)) : null,
    answer.asks.length ? make("p", make("strong", "Asks back:")) : null,
    answer.asks.length ? make("ul", answer.asks.map(([facet, ask]) => make("li", `${facet}: ${text(ask)}`))) : null,
    answer.notes.length ? make("ul", answer.notes.map((number) => make("li", text(number)))) : null,
    make("p", [make("strong", "Goes to: "), text(answer.takes)]),
  ].filter(Boolean);
  details.append(
    make("blockquote", text(of.question)),
    ...of.given.map((line) => make("p", line, "about")),
    ...section("Expected", of.expected.length ? [make("ul", of.expected.map(said))] : []),
    ...section(`Answer: ${answer.outcome.replaceAll("_", " ")}, ${answer.urgency}`, lines),
    ...section("Scores", of.scores.length ? [scores(of.scores)] : []),
  );
}

function filter() {
  const words = document.getElementById("words").value.trim().toLowerCase();
  const suite = document.getElementById("suite").value;
  const state = document.getElementById("state").value;
  let shown = 0;
  for (const details of cases) {
    const of = data.cases[Number(details.dataset.number)];
    const has = !words || `${details.id} ${text(of.question)}`.toLowerCase().includes(words);
    const fits = has && (!suite || details.dataset.suite === suite) && details.dataset.state.includes(state);
    details.hidden = !fits;
    if (fits) shown += 1;
    else details.open = false;
  }
  document.getElementById("shown").textContent = `${shown} of ${cases.length} cases.`;
}

function follow() {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!named || !named.matches("details.case")) return;
  named.hidden = false;
  named.open = true;
  fill(named);
  named.firstElementChild.focus({ preventScroll: true });
  named.scrollIntoView();
}

for (const details of cases) details.addEventListener("toggle", () => details.open && fill(details));
document.getElementById("filter").addEventListener("submit", (event) => event.preventDefault());
document.getElementById("filter").addEventListener("input", filter);
document.getElementById("open").addEventListener("click", () => {
  for (const details of cases.filter((each) => !each.hidden).slice(0, 50)) details.open = true;
});
document.getElementById("close").addEventListener("click", () => cases.forEach((details) => (details.open = false)));
addEventListener("beforeprint", () => cases.filter((each) => each.open).forEach(fill));
addEventListener("hashchange", follow);
filter();
follow();
