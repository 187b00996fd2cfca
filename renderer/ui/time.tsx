import { useEffect, useState } from "react";
import { timeParts } from "./format.ts";
import { usePreferences } from "./preferences.ts";
import styles from "./time.module.css";

type Detail = "clock" | "day" | "full";

/** An instant in the zone chosen by one switch, the zone always printed; the exact value on hover. */
export function Time({
  at,
  show = "full",
  zone: withZone = true,
}: {
  at: string;
  show?: Detail;
  zone?: boolean;
}) {
  const zone = usePreferences((state) => state.zone);
  const parts = timeParts(new Date(at), zone);
  return (
    <time dateTime={at} title={at} className={styles["time"]}>
      {show === "clock" ? null : <span>{parts.day} </span>}
      {show === "day" ? null : <span className="fact">{parts.clock}</span>}
      {withZone && show !== "day" ? <span className="dim"> {parts.zone}</span> : null}
    </time>
  );
}

/** The zone's name alone, for a table's head. */
export function ZoneName() {
  const zone = usePreferences((state) => state.zone);
  const [now] = useState(() => new Date());
  return timeParts(now, zone).zone;
}

/** The workstation's clock, ticking once a second. A click switches between UTC and local time. */
export function Clock({ label }: { label: string }) {
  const [now, setNow] = useState(() => new Date());
  const zone = usePreferences((state) => state.zone);
  const setZone = usePreferences((state) => state.setZone);
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 1000);
    return () => clearInterval(timer);
  }, []);
  const parts = timeParts(now, zone);
  return (
    <button
      type="button"
      className={styles["clock"]}
      title={label}
      onClick={() => setZone(zone === "utc" ? "local" : "utc")}
    >
      <span className="fact">{parts.clock}</span> <span className="dim">{parts.zone}</span>
    </button>
  );
}

/** Seconds until or since, recomputed each second while mounted. */
export function useNow(stepMs = 1000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), stepMs);
    return () => clearInterval(timer);
  }, [stepMs]);
  return now;
}
