"""The plots, as SVG written by hand. Colours are of middle lightness, so that they read on white and on black."""

import math
from xml.sax.saxutils import escape

from . import growth, measure
from .cases import GROWTH
from .peers import BASE, named

TEXT, RULE = "#7d8590", "#7d859066"
OURS, OTHERS = "#2f81f7", "#8b949e"
LINES = {BASE: OTHERS, "gatehouse-io_uring": OURS, "gatehouse-epoll": "#d4792a"}

#: The case of the bars: the one that all peers can do.
BAR_CASE = "hs256"
WIDTH, LABEL, BAR, GAP = 720, 190, 18, 10
PANEL, PANEL_HEIGHT, MARGIN = 240, 200, 44


def svg(width: int, height: int, title: str, parts: list[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="system-ui, sans-serif" font-size="13" fill="{TEXT}" role="img">')
    return "\n".join([head, f"<title>{escape(title)}</title>", *parts, "</svg>"]) + "\n"


def text(x: float, y: float, words: str, anchor: str = "start", **attributes: str) -> str:
    more = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}"{more}>{escape(words)}</text>'


def bars(results: dict) -> str:
    """A bar a peer: CPU time per request relative to plain HAProxy, the shortest on top."""
    result = results["cases"].get(BAR_CASE, {})
    ratios = {name: measure.ratio(result, name) for name in result}
    measured = sorted((ratio, name) for name, ratio in ratios.items() if ratio is not None)
    absent = [named(name).title for name, ratio in ratios.items() if ratio is None]
    title = "CPU time per request, relative to HAProxy as a plain proxy"
    parts = [text(0, 16, title, font_weight="600"), text(0, 34, "shorter is better; plain proxies check no token")]
    longest = max((ratio for ratio, _ in measured), default=1)
    y = 50
    for ratio, name in measured:
        colour = OURS if name.startswith("gatehouse") else OTHERS
        width = max(1, ratio / longest * (WIDTH - LABEL - 60))
        parts.append(text(LABEL - 8, y + 13, named(name).title, "end"))
        parts.append(f'<rect x="{LABEL}" y="{y}" width="{width:.1f}" height="{BAR}" rx="2" fill="{colour}"/>')
        parts.append(text(LABEL + width + 6, y + 13, f"{ratio:.2f}"))
        y += BAR + GAP
    if absent:
        parts.append(text(0, y + 13, f"not measured: {'; '.join(absent)}"))
        y += BAR + GAP
    facts = results["machine"]
    words = f"{facts['processor']}, Linux {facts['kernel']}, {facts['date'][:10]}"
    parts.append(text(0, y + 13, words, font_size="11"))
    return svg(WIDTH, y + 24, title, parts)


def curves(results: dict) -> str:
    """A panel for each thing that grows: µs of CPU time per request against the number of them."""
    width = PANEL * len(GROWTH)
    parts = [text(0, 16, "CPU time per request (µs), as things grow", font_weight="600")]
    for index, (name, colour) in enumerate(LINES.items()):
        x = index * 200
        parts.append(f'<line x1="{x}" y1="31" x2="{x + 18}" y2="31" stroke="{colour}" stroke-width="3"/>')
        parts.append(text(x + 24, 35, named(name).title))
    for index, name in enumerate(GROWTH):
        parts += panel(index * PANEL, 50, growth.TITLES[name], results["cases"].get(name, {}))
    return svg(width, 50 + PANEL_HEIGHT + MARGIN + 10, "CPU time per request as things grow", parts)


def panel(left: int, top: int, words: str, result: dict) -> list[str]:
    """One panel. Its x axis is logarithmic; its y axis begins at zero."""
    lines = {name: points_of(name, result) for name in LINES}
    values = [value for points in lines.values() for _, value in points]
    x0, x1, y0, y1 = left + 34, left + PANEL - 16, top + PANEL_HEIGHT, top + 10
    parts = [text((x0 + x1) / 2, y0 + 36, words, "middle")]
    if not values:
        return [*parts, text((x0 + x1) / 2, (y0 + y1) / 2, "not measured", "middle")]
    highest = step_of(max(values)) * math.ceil(max(values) / step_of(max(values)))
    numbers = sorted({int(point) for point in result})
    span = math.log10(numbers[-1] / numbers[0]) or 1

    def place(number: float, value: float) -> tuple[float, float]:
        return x0 + math.log10(number / numbers[0]) / span * (x1 - x0), y0 - value / highest * (y0 - y1)

    for tick in range(0, highest + 1, step_of(max(values))):
        y = place(numbers[0], tick)[1]
        parts.append(f'<line x1="{x0}" y1="{y:.1f}" x2="{x1}" y2="{y:.1f}" stroke="{RULE}"/>')
        parts.append(text(x0 - 5, y + 4, str(tick), "end", font_size="11"))
    for number in numbers:
        if math.log10(number).is_integer() or number == numbers[-1]:
            parts.append(text(place(number, 0)[0], y0 + 16, short(number), "middle", font_size="11"))
    for name, points in lines.items():
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in points))
        parts.append(f'<polyline points="{path}" fill="none" stroke="{LINES[name]}" stroke-width="2.5"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{LINES[name]}"/>'
                  for x, y in (place(*point) for point in points)]
    return parts


def points_of(name: str, result: dict) -> list[tuple[int, float]]:
    """Number and µs, where they were measured."""
    return [
        (int(point), measure.median_of(entries[name], "cpu_us")) for point, entries in result.items()
        if name in entries and not measure.problems_in(entries[name])]


def step_of(highest: float) -> int:
    """A round distance between the lines of a scale, four to eight of them."""
    step = 10 ** math.floor(math.log10(max(highest, 1)))
    return max(1, int(next(part for part in (step / 5, step / 2, step, 2 * step) if highest / part <= 8)))


def short(number: int) -> str:
    return f"{number // 1000}k" if number >= 1000 else str(number)
