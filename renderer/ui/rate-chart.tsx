import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import styles from "./rate-chart.module.css";

/** Seconds and MiB per second, oldest first. */
export interface RatePoint {
  readonly atSeconds: number;
  readonly mebibytesPerSecond: number;
}

const heightPixels = 96;

/** Synced bytes per second over time. Colours are read from the tokens, so that it follows the theme. */
export function RateChart({ points, label }: { points: readonly RatePoint[]; label: string }) {
  const host = useRef<HTMLElement>(null);
  const chart = useRef<uPlot>(null);
  const shown = useRef(points);
  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const draw = (): void => {
      chart.current?.destroy();
      chart.current = new uPlot(options(element), dataOf(shown.current), element);
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
  }, []);
  useEffect(() => {
    // Kept for the next drawing: a change of theme begins with a new chart.
    shown.current = points;
    chart.current?.setData(dataOf(points));
  }, [points]);
  return <figure ref={host} className={styles["rate"]} aria-label={label} />;
}

function dataOf(points: readonly RatePoint[]): uPlot.AlignedData {
  return [points.map((point) => point.atSeconds), points.map((point) => point.mebibytesPerSecond)];
}

function options(element: HTMLElement): uPlot.Options {
  const tokens = getComputedStyle(element);
  const ink = tokens.getPropertyValue("--ink-3");
  const grid = { stroke: tokens.getPropertyValue("--line-1"), width: 1 };
  const font = `11px ${tokens.getPropertyValue("--font-fact")}`;
  const axis = { stroke: ink, font, grid, ticks: { show: false } } as const;
  return {
    width: element.clientWidth,
    height: heightPixels,
    legend: { show: false },
    cursor: { show: false },
    padding: [6, 28, 0, 0],
    scales: { x: { time: true }, y: { range: (_chart, _least, most) => [0, Math.max(1, most * 1.2)] } },
    axes: [
      {
        ...axis,
        size: 20,
        space: 90,
        values: [[1, "{HH}:{mm}:{ss}", null, null, null, null, null, null, 1]],
      },
      { ...axis, size: 32, space: 28 },
    ],
    series: [{}, { stroke: tokens.getPropertyValue("--own"), width: 1.5, points: { show: false } }],
  };
}
