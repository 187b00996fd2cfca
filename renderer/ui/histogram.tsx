import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Zone } from "./format.ts";
import styles from "./histogram.module.css";

/** How much fell into one span of time; `bad` is a part of `all`. */
export interface HistogramBar {
  readonly fromSeconds: number;
  readonly untilSeconds: number;
  readonly all: number;
  readonly bad: number;
}

/** A stretch of time to be marked behind the bars; of no length, a line. */
export interface HistogramMark {
  readonly fromSeconds: number;
  readonly untilSeconds: number;
  readonly tone: "warn" | "quiet" | "bad";
}

interface HistogramProps {
  readonly bars: readonly HistogramBar[];
  readonly marks: readonly HistogramMark[];
  readonly zone: Zone;
  readonly label: string;
  /** What a listener hears of the bars between these two, both included. */
  readonly say: (first: number, last: number) => string;
  /** A person chose these bars, both included. */
  readonly onNarrow: (first: number, last: number) => void;
}

const heightPixels = 92;

/**
 * Bars over time, with a brush: dragging narrows to what it covers. By keyboard it is a slider over the bars: arrows move,
 * with Shift they widen what is chosen, Enter narrows to it, Escape gives it up.
 */
export function Histogram({ bars, marks, zone, label, say, onNarrow }: HistogramProps) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(null);
  const narrow = useRef(onNarrow);
  const [chosen, setChosen] = useState<{ readonly anchor: number; readonly at: number } | null>(null);
  const last = bars.length - 1;
  useEffect(() => {
    narrow.current = onNarrow;
  }, [onNarrow]);
  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const draw = (): void => {
      chart.current?.destroy();
      const choose = (first: number, end: number): void => narrow.current(first, end);
      chart.current = new uPlot(options(element, { bars, marks, zone, choose }), dataOf(bars), element);
    };
    draw();
    const themeWatch = new MutationObserver(draw);
    themeWatch.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    const sizeWatch = new ResizeObserver(() =>
      chart.current?.setSize({ width: element.clientWidth, height: heightPixels }),
    );
    sizeWatch.observe(element);
    return () => {
      themeWatch.disconnect();
      sizeWatch.disconnect();
      chart.current?.destroy();
      chart.current = null;
    };
  }, [bars, marks, zone]);
  useEffect(() => {
    const plot = chart.current;
    if (plot === null) return;
    const [first, end] = chosen === null ? [-1, -1] : [chosen.anchor, chosen.at].toSorted((a, b) => a - b);
    const [left, right] = [bars[first ?? -1], bars[end ?? -1]];
    const height = plot.over.clientHeight;
    if (left === undefined || right === undefined) {
      plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
      return;
    }
    const from = plot.valToPos(left.fromSeconds, "x");
    plot.setSelect(
      { left: from, top: 0, width: plot.valToPos(right.untilSeconds, "x") - from, height },
      false,
    );
  }, [bars, chosen]);

  const press = (event: KeyboardEvent): void => {
    const at = chosen?.at ?? last;
    const move = (to: number): void => {
      const next = Math.min(last, Math.max(0, to));
      setChosen({ anchor: event.shiftKey && chosen !== null ? chosen.anchor : next, at: next });
    };
    if (event.key === "ArrowLeft" || event.key === "ArrowDown") move(chosen === null ? last : at - 1);
    else if (event.key === "ArrowRight" || event.key === "ArrowUp") move(chosen === null ? 0 : at + 1);
    else if (event.key === "Home") move(0);
    else if (event.key === "End") move(last);
    else if (event.key === "Escape" && chosen !== null) setChosen(null);
    else if (event.key === "Enter" && chosen !== null) {
      onNarrow(Math.min(chosen.anchor, chosen.at), Math.max(chosen.anchor, chosen.at));
      setChosen(null);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const [first, end] = chosen === null ? [0, last] : [chosen.anchor, chosen.at].toSorted((a, b) => a - b);
  return (
    <div
      ref={host}
      className={styles["histogram"]}
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- two ends on one track: an <input> has one
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={chosen?.at ?? last}
      aria-valuetext={say(first ?? 0, end ?? last)}
      onKeyDown={press}
    />
  );
}

function dataOf(bars: readonly HistogramBar[]): uPlot.AlignedData {
  return [
    bars.map((bar) => bar.fromSeconds),
    bars.map((bar) => bar.all),
    bars.map((bar) => (bar.bad === 0 ? null : bar.bad)),
  ];
}

interface Drawn {
  readonly bars: readonly HistogramBar[];
  readonly marks: readonly HistogramMark[];
  readonly zone: Zone;
  readonly choose: (first: number, last: number) => void;
}

/** Narrower than this a drag is a click, which chooses the bar under it. */
const clickPixels = 4;

function options(element: HTMLElement, { bars, marks, zone, choose }: Drawn): uPlot.Options {
  const tokens = getComputedStyle(element);
  const token = (name: string): string => tokens.getPropertyValue(name);
  const axis = {
    stroke: token("--ink-3"),
    font: `11px ${token("--font-fact")}`,
    grid: { show: false },
    ticks: { show: false },
  } as const;
  const paths = uPlot.paths.bars?.({ size: [0.86, 40], align: 1 });
  const bar = (fill: string): uPlot.Series => ({
    fill: token(fill),
    stroke: token(fill),
    width: 0,
    points: { show: false },
    ...(paths === undefined ? {} : { paths }),
  });
  const from = bars[0]?.fromSeconds ?? 0;
  const until = bars.at(-1)?.untilSeconds ?? 1;
  const place = (plot: uPlot, pixels: number): number => {
    const seconds = plot.posToVal(pixels, "x");
    const found = bars.findIndex((one) => seconds < one.untilSeconds);
    return found === -1 ? bars.length - 1 : found;
  };
  return {
    width: element.clientWidth,
    height: heightPixels,
    legend: { show: false },
    padding: [4, 0, 0, 0],
    cursor: { x: false, y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
    ...(zone === "utc" ? { tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC") } : {}),
    scales: {
      x: { time: true, range: [from, until] },
      y: { range: (_plot, _least, most) => [0, Math.max(1, most)] },
    },
    axes: [{ ...axis, size: 20, space: 90, values: axisTimes }, { show: false }],
    series: [{}, bar("--wall"), bar("--bad")],
    hooks: {
      drawClear: [(plot) => drawMarks(plot, marks, token)],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          choose(place(plot, left), place(plot, left + Math.max(0, width - 1)));
        },
      ],
      init: [
        (plot) =>
          plot.over.addEventListener("click", (event) => {
            if (plot.select.width < clickPixels) {
              const at = place(plot, event.offsetX);
              choose(at, at);
            }
          }),
      ],
    },
  };
}

/** From the finest to the coarsest: the day stands under the first time of it. */
const axisTimes: uPlot.Axis.Values = [
  [86_400, "{D} {MMM}", null, null, null, null, null, null, 1],
  [60, "{HH}:{mm}", "\n{D} {MMM}", null, null, null, null, null, 1],
  [1, "{HH}:{mm}:{ss}", null, null, null, null, null, null, 1],
];

function drawMarks(plot: uPlot, marks: readonly HistogramMark[], token: (name: string) => string): void {
  const { ctx, bbox } = plot;
  const colours = { warn: token("--warn"), quiet: token("--line-3"), bad: token("--bad") } as const;
  ctx.save();
  for (const mark of marks) {
    const left = plot.valToPos(mark.fromSeconds, "x", true);
    const right = plot.valToPos(mark.untilSeconds, "x", true);
    const width = Math.max(2, right - left);
    ctx.fillStyle = colours[mark.tone];
    ctx.globalAlpha = 0.16;
    ctx.fillRect(left, bbox.top, width, bbox.height);
    ctx.globalAlpha = 1;
    // A mark that is only a shade could be overlooked: its ends are lines.
    ctx.fillRect(left, bbox.top, 2, bbox.height);
    ctx.fillRect(left + width - 2, bbox.top, 2, bbox.height);
  }
  ctx.restore();
}
