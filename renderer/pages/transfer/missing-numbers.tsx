import { useQuery } from "@tanstack/react-query";
import { en } from "../../../shared/strings/en.ts";
import { client, orpc } from "../../rpc.ts";
import { formatCount } from "../../ui/format.ts";
import { Section } from "../../ui/section.tsx";
import { Status } from "../../ui/status.tsx";
import { GiveUp } from "./give-up-dialog.tsx";
import styles from "./missing-numbers.module.css";

const text = en.transfer.missing;
/** Beyond these a person gives up the first ones, and sees the next. */
const mostShown = 10;

/** Numbers of peers that have not come while later ones wait, each with the step that gives it up. */
export function MissingNumbers({ peer }: { peer: string }) {
  const peers = useQuery(orpc.transfer.outbox.queryOptions({ input: {} })).data?.peers ?? [];
  const rows = peers
    .filter((row) => peer === "" || row.peer === peer)
    .flatMap((row) => row.missing.map((sequence) => ({ peer: row.peer, sequence })));
  if (rows.length === 0) return null;
  return (
    <Section title={text.title} caption={text.caption}>
      <ul className={styles["missing"]}>
        {rows.slice(0, mostShown).map((row) => (
          <li key={`${row.peer} ${row.sequence}`}>
            <Status kind="missing">{text.number(formatCount(row.sequence), row.peer)}</Status>
            <span>{text.about}</span>
            <Skip peer={row.peer} sequence={row.sequence} />
          </li>
        ))}
      </ul>
      {rows.length > mostShown ? (
        <p className="small dim">{text.more(formatCount(rows.length - mostShown))}</p>
      ) : null}
    </Section>
  );
}

/** Gives up a number of a peer: what waits behind it may then land. */
export function Skip({ peer, sequence }: { peer: string; sequence: number }) {
  const number = String(sequence);
  return (
    <GiveUp
      label={text.skip(number)}
      title={text.skipTitle(number, peer)}
      consequence={text.skipConsequence(number, peer)}
      confirm={`${peer} ${number}`}
      onConfirm={(note) => client.transfer.skip({ peer, sequence, note })}
    />
  );
}
