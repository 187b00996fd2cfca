import { Ban, HardDrive, ScrollText } from "lucide-react";
import type { ReactNode } from "react";
import { en } from "../../shared/strings/en.ts";
import { formatBytes, formatCount } from "./format.ts";
import { Status } from "./status.tsx";
import styles from "./status-line.module.css";

interface StatusLineProps {
  /** What runs now, or that nothing does. */
  readonly job: ReactNode;
  readonly auditEvents: number | undefined;
  readonly freeBytes: number | undefined;
  /** Anything but `ok` stands in the foot as a warning. */
  readonly disk: "ok" | "warn" | "stop" | "read-only";
  /** Requests this page sent to any other machine since it was opened; anything but 0 is a fault. */
  readonly outbound: number;
}

/** The foot of the window: running work, the log's size, the disk, and that nothing leaves. */
export function StatusLine({ job, auditEvents, freeBytes, disk, outbound }: StatusLineProps) {
  return (
    <footer className={styles["foot"]}>
      <div className={styles["left"]}>{job}</div>
      <div className={styles["right"]}>
        {auditEvents === undefined ? null : (
          <span>
            <ScrollText aria-hidden="true" />
            {en.ui.foot.audit} <b className="fact">{formatCount(auditEvents)}</b>
          </span>
        )}
        {freeBytes === undefined ? null : (
          <span>
            <HardDrive aria-hidden="true" />
            {en.ui.foot.disk} <b className="fact">{formatBytes(freeBytes)}</b>{" "}
            {disk === "ok" ? (
              <span className="dim">{en.ui.foot.free}</span>
            ) : (
              <Status kind={disk === "warn" ? "warn" : "failed"}>{en.ui.foot.diskLevels[disk]}</Status>
            )}
          </span>
        )}
        <span title={en.ui.foot.outboundTitle}>
          <Ban aria-hidden="true" />
          {en.ui.foot.outbound} <b className="fact">{outbound}</b>
        </span>
      </div>
    </footer>
  );
}
