import type { ReactNode } from "react";
import { en } from "../../../shared/strings/en.ts";
import { edgeText } from "../../app/session.ts";
import { RecoveredBanner, useRecovered } from "../../app/recovered.tsx";
import { useDocumentSide } from "../../ui/document-side.ts";
import { Edge } from "../../ui/edge.tsx";
import { Mark } from "../../ui/mark.tsx";
import { StationTag, type Side } from "../../ui/side.tsx";
import { Clock } from "../../ui/time.tsx";
import beside from "../../ui/beside-edge.module.css";
import styles from "./door-page.module.css";

export interface DoorStation {
  readonly name: string;
  readonly side: Side;
  readonly people: "one" | "two";
}

interface DoorPageProps {
  readonly station: DoorStation;
  readonly title: string;
  readonly about: ReactNode;
  readonly version: string;
  readonly left: ReactNode;
  readonly right: ReactNode;
}

/** The page before the doors: the mark at rest, whose station this is, what to do on the left, what is so on the right. */
export function DoorPage({ station, title, about, version, left, right }: DoorPageProps) {
  useDocumentSide(station.side);
  return (
    <div className={`${beside["page"]} ${beside[station.side]}`} data-side={station.side}>
      <Edge
        side={station.side}
        name={station.name}
        text={edgeText(station.name, station.side, station.people, useRecovered() !== null)}
      />
      <main className={`${beside["main"]} ${styles["main"]}`}>
        <div className={styles["grid"]}>
          <div className={styles["banner"]}>
            <RecoveredBanner shut />
          </div>
          <Mark open="none" size={96} />
          <div className={styles["title"]}>
            <h1>{title}</h1>
            <p>
              <StationTag name={station.name} side={station.side} /> <span className="second">{about}</span>
            </p>
          </div>
          <div className={styles["body"]}>
            <div>{left}</div>
            <div className={styles["right"]}>{right}</div>
          </div>
        </div>
        <footer className={styles["foot"]}>
          <Clock label={en.ui.bar.zoneSwitch} />
          <span>{en.session.version(version)}</span>
        </footer>
      </main>
    </div>
  );
}
