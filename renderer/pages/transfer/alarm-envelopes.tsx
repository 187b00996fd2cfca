import { useState, type ReactNode } from "react";
import { en } from "../../../shared/strings/en.ts";
import { ExactText } from "../../ui/exact-text.tsx";
import { Fingerprint, Hash, Id } from "../../ui/fact.tsx";
import { formatBytes, formatCount } from "../../ui/format.ts";
import { Section } from "../../ui/section.tsx";
import { Status } from "../../ui/status.tsx";
import { Time } from "../../ui/time.tsx";
import { SettleFork } from "./settle-fork.tsx";
import { comparedFields, differences, type Alarm, type ComparedField, type Evidence } from "./alarm.ts";
import styles from "./alarm-envelopes.module.css";

const text = en.alarms.envelopes;

/** Two envelopes beside each other, what is the same and what differs; the one in our ledger stands left. */
export function AlarmEnvelopes({ alarm }: { alarm: Alarm }) {
  const [whole, setWhole] = useState(false);
  const [ours, other] = alarm.envelopes;
  if (ours === undefined || other === undefined) return null;
  const differ = differences(ours, other);
  return (
    <Section
      title={text.title}
      caption={text.counted(formatCount(comparedFields.length - differ.size), formatCount(differ.size))}
      aside={
        <>
          <button type="button" className="under" onClick={() => setWhole(!whole)}>
            {whole ? text.hide : text.show}
          </button>
          <SettleFork peer={alarm.peer} sha256={other.sha256} />
        </>
      }
    >
      <table className={styles["envelopes"]} aria-label={text.title}>
        <colgroup>
          <col width={116} />
          <col />
          <col />
          <col width={72} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">
              <span className="hidden-text">{text.field}</span>
            </th>
            <Head evidence={ours} title={text.ours(formatCount(ours.sequence))} word={text.settled} />
            <Head evidence={other} title={text.other(formatCount(other.sequence))} word={text.seen} />
            <th scope="col">
              <span className="hidden-text">{text.difference}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {comparedFields.map((field) => (
            <tr key={field} className={differ.has(field) ? styles["differs"] : undefined}>
              <th scope="row">{nameOf(field, alarm.peer)}</th>
              <td>{shown(field, ours)}</td>
              <td>{shown(field, other)}</td>
              <td>{differ.has(field) ? text.differs : text.same}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">{text.rows.here}</th>
            <Here evidence={ours} />
            <Here evidence={other} />
            <td>{ours.state === other.state ? text.same : text.differs}</td>
          </tr>
        </tbody>
      </table>
      {whole ? (
        <div className={styles["both"]}>
          <ExactText text={ours.text} label={text.ours(formatCount(ours.sequence))} />
          <ExactText text={other.text} label={text.other(formatCount(other.sequence))} />
        </div>
      ) : null}
    </Section>
  );
}

function Head({ evidence, title, word }: { evidence: Evidence; title: string; word: string }) {
  return (
    <th scope="col">
      <b>{title}</b>
      {evidence.at === null ? null : (
        <span>
          {word} <Time at={evidence.at} />
        </span>
      )}
    </th>
  );
}

function Here({ evidence }: { evidence: Evidence }) {
  const kind = evidence.state === "imported" ? "proved" : evidence.state === "kept" ? "held" : "off";
  return (
    <td>
      <Status kind={kind}>{text.states[evidence.state]}</Status>
    </td>
  );
}

function nameOf(field: ComparedField, peer: string): string {
  const names: Record<ComparedField, string> = {
    sequence: text.rows.number,
    lineage: text.rows.lineage,
    key: text.rows.key,
    previous: text.rows.previous,
    batch: text.rows.id,
    sha256: text.rows.sha256,
    createdAt: text.rows.made(peer),
    parts: text.rows.parts,
  };
  return names[field];
}

function shown(field: ComparedField, evidence: Evidence): ReactNode {
  switch (field) {
    case "sequence":
      return formatCount(evidence.sequence);
    case "lineage":
      return <span className="fact">{evidence.lineage}</span>;
    case "key":
      return <Fingerprint value={evidence.key} />;
    case "previous":
      return evidence.previous === null ? text.first : <Hash value={evidence.previous} />;
    case "batch":
      return <Id value={evidence.batch} keep={32} copy={text.rows.id} />;
    case "sha256":
      return <Hash value={evidence.sha256} copy={text.rows.sha256} />;
    case "createdAt":
      return <Time at={evidence.createdAt} />;
    case "parts":
      return text.parts(formatCount(evidence.parts), formatBytes(evidence.bytes));
  }
}
