import { useMutation, useQuery } from "@tanstack/react-query";
import { en } from "../../../shared/strings/en.ts";
import { client, orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { formatCount } from "../../ui/format.ts";
import { OutsideText } from "../../ui/outside-text.tsx";
import { Section } from "../../ui/section.tsx";
import { Status } from "../../ui/status.tsx";
import { Time } from "../../ui/time.tsx";
import styles from "./people.module.css";

const text = en.people.sessions;

/** Where one operator is signed in, as far as whoever looks may know it. */
export function OperatorSessions({ name }: { name: string }) {
  const query = useQuery(orpc.session.list.queryOptions({ input: {} }));
  const end = useMutation({
    mutationFn: (session: string) => client.session.end({ session }),
    onSuccess: () => query.refetch(),
  });
  const rows = query.data?.sessions.filter(({ operator }) => operator === name) ?? [];
  if (rows.length === 0) return null;
  return (
    <Section title={text.list} caption={formatCount(rows.length)} gap>
      <ul className={styles["sessions"]}>
        {rows.map((row) => (
          <li key={row.session}>
            <span>
              <b>{row.device === "" ? row.face : <OutsideText text={row.device} />}</b>
              <span className="dim small">
                {text.columns.since} <Time at={row.startedAt} />
              </span>
            </span>
            <Status kind={row.state === "open" ? "running" : "held"}>{text.states[row.state]}</Status>
            {row.own ? (
              <span className="dim">{text.own}</span>
            ) : (
              <Button small disabled={end.isPending} onClick={() => end.mutate(row.session)}>
                {text.end}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
