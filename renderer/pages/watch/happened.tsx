import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "wouter";
import { en } from "../../../shared/strings/en.ts";
import { Answer } from "../../app/answer.tsx";
import { useRefusal } from "../../app/session.ts";
import { orpc } from "../../rpc.ts";
import { Section } from "../../ui/section.tsx";
import { Table } from "../../ui/table.tsx";
import { useEventColumns } from "../audit/event-columns.tsx";

const text = en.watch;
const shown = 10;

/** The newest events of the log. */
export function Happened() {
  const refusal = useRefusal("audit.read");
  const [, navigate] = useLocation();
  const columns = useEventColumns(false).filter((column) => column.id !== "event");
  const events = useQuery({
    ...orpc.audit.list.queryOptions({ input: { limit: shown } }),
    enabled: refusal === undefined,
  });
  if (refusal !== undefined) return null;
  return (
    <Section
      title={text.happened}
      caption={text.happenedCaption}
      aside={
        <Link href="/audit" className="under">
          {text.happenedAll}
        </Link>
      }
    >
      <Answer query={events} what={text.happened}>
        {(data) => (
          <Table
            label={text.happened}
            columns={columns}
            rows={data.events}
            rowKey={(event) => String(event.sequence)}
            onChoose={(event) => navigate(`/audit/${event.sequence}`)}
          />
        )}
      </Answer>
    </Section>
  );
}
