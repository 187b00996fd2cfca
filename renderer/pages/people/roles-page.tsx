import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { roleNames } from "../../../shared/roles.ts";
import { en } from "../../../shared/strings/en.ts";
import { Answer } from "../../app/answer.tsx";
import { useSession } from "../../app/session.ts";
import { orpc } from "../../rpc.ts";
import { formatCount } from "../../ui/format.ts";
import { Say } from "../../ui/say.tsx";
import { Section } from "../../ui/section.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import { Status } from "../../ui/status.tsx";
import { Table, type Column } from "../../ui/table.tsx";
import styles from "./people.module.css";

const text = en.people.rights;

interface Right {
  readonly operation: string;
  readonly summary: string;
  readonly effect: "read" | "change" | "reveal";
  readonly permission: string;
  readonly roles: readonly string[];
  readonly twoPersons: boolean;
  readonly stepUp: boolean;
  readonly reach: string;
}

const none = <span className="dim">{text.none}</span>;

const columns: readonly Column<Right>[] = [
  { id: "operation", head: text.columns.operation, strong: true, width: 170, cell: (row) => row.operation },
  { id: "summary", head: text.columns.summary, cell: (row) => row.summary },
  { id: "effect", head: text.columns.effect, width: 76, cell: (row) => text.effects[row.effect] },
  {
    id: "roles",
    head: text.columns.roles,
    width: 210,
    cell: (row) =>
      row.permission === "public"
        ? text.everybody
        : row.roles.length === roleNames.length
          ? text.every
          : row.roles.join(", "),
  },
  {
    id: "two",
    head: text.columns.two,
    width: 96,
    cell: (row) => (row.twoPersons ? <Status kind="two">{text.two}</Status> : none),
  },
  { id: "again", head: text.columns.again, width: 96, cell: (row) => (row.stepUp ? text.again : none) },
  { id: "reach", head: text.columns.reach, width: 150, cell: (row) => row.reach },
];

type Shown = (typeof roleNames)[number] | "all";

/** Who may do what, as the station itself asks it. */
export function RolesPage() {
  const { roles } = useSession();
  const [role, setRole] = useState<Shown>("all");
  const input = role === "all" ? {} : { role };
  const query = useQuery(orpc.operators.rights.queryOptions({ input }));
  return (
    <Answer query={query} what={text.what}>
      {({ rights }) => (
        <div className={styles["page"]}>
          <Say sentence={text.say(roles.join(", "))}>{text.about}</Say>
          <Section
            title={role === "all" ? text.all : en.people.roleWords[role]}
            caption={text.caption(formatCount(rights.length))}
            aside={
              <Segmented<Shown>
                label={text.choose}
                value={role}
                choices={[
                  { value: "all", label: text.allShort },
                  ...roleNames.map((name) => ({ value: name, label: name })),
                ]}
                onChange={setRole}
              />
            }
          >
            <Table label={text.what} columns={columns} rows={rights} rowKey={(row) => row.operation} />
          </Section>
        </div>
      )}
    </Answer>
  );
}
