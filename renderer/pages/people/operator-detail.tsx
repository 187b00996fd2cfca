import { narrowingText, type NarrowingByRole } from "../../../shared/narrowing.ts";
import { en } from "../../../shared/strings/en.ts";
import { EditDialog } from "../../app/edit-dialog.tsx";
import { Beside } from "../../app/here.tsx";
import { useRefusal, useSession } from "../../app/session.ts";
import { client } from "../../rpc.ts";
import { Fact, Facts } from "../../ui/facts.tsx";
import { OutsideText } from "../../ui/outside-text.tsx";
import { Section } from "../../ui/section.tsx";
import { Time } from "../../ui/time.tsx";
import { AskDialog } from "../../app/ask-dialog.tsx";
import { draftOf, readDraft, readRoles, RolesField, rolesText } from "./roles-field.tsx";
import styles from "./people.module.css";

const text = en.people;
const words = en.together.operator;

export interface OperatorView {
  readonly name: string;
  readonly displayName: string;
  readonly contact: string;
  readonly version: number;
  readonly roles: readonly string[];
  readonly only: NarrowingByRole;
  /** Null for a person. */
  readonly operations: readonly string[] | null;
  readonly state: "active" | "disabled";
  readonly why: string | null;
  readonly createdAt: string;
  readonly enrolledBy: string | null;
  readonly signedInAt: string | null;
  readonly mayApprove: boolean;
  readonly secondFactor: boolean;
}

/** One operator: facts, and what an administrator can change. */
export function OperatorDetail({ operator }: { operator: OperatorView }) {
  const { name } = operator;
  const role = useRefusal("people.manage");
  const own = useSession().operator === name;
  const narrowed = narrowingText(operator.only);
  const change = text.change;
  return (
    <Section title={name} label={name} aside={<Beside kind="operator" name={name} />}>
      <Facts rows="wide">
        {operator.displayName === "" ? null : (
          <Fact name={words.displayName}>
            <OutsideText text={operator.displayName} />
          </Fact>
        )}
        {operator.contact === "" ? null : (
          <Fact name={words.contact}>
            <OutsideText text={operator.contact} />
          </Fact>
        )}
        <Fact name={text.facts.roles}>{operator.roles.join(", ")}</Fact>
        {narrowed === "" ? null : <Fact name={text.only.fact}>{narrowed}</Fact>}
        {operator.operations === null ? null : (
          <Fact name={text.only.service}>{operator.operations.join(", ")}</Fact>
        )}
        <Fact name={text.facts.approves}>{operator.mayApprove ? text.yes : text.no}</Fact>
        <Fact name={text.facts.enrolled}>
          <Time at={operator.createdAt} />
        </Fact>
        <Fact name={text.facts.enrolledBy}>{operator.enrolledBy ?? text.founder}</Fact>
        {operator.why === null ? null : <Fact name={text.facts.why}>{operator.why}</Fact>}
      </Facts>
      <div className={styles["actions"]}>
        <EditDialog
          button={words.edit}
          notYet={own ? undefined : role}
          title={words.title(name)}
          consequence={words.consequence}
          kind="operator"
          name={name}
          fields={[
            { id: "displayName", label: words.displayName, maxLength: 64 },
            { id: "contact", label: words.contact, note: words.contactNote, maxLength: 200 },
          ]}
          values={{ displayName: operator.displayName, contact: operator.contact }}
          version={operator.version}
          save={({ displayName = "", contact = "" }, version) =>
            client.operators.describe({ name, displayName, contact, version })
          }
        />
        <EditDialog
          button={change.roles}
          notYet={role}
          title={change.rolesTitle(name)}
          consequence={change.rolesConsequence}
          kind="operator"
          name={name}
          fields={[
            {
              id: "roles",
              label: words.roles,
              control: (value, onChange) => (
                <RolesField draft={readRoles(value)} onDraft={(draft) => onChange(rolesText(draft))} />
              ),
            },
          ]}
          values={{ roles: rolesText(draftOf(operator.roles, operator.only)) }}
          version={operator.version}
          ready={({ roles = "" }) => typeof readDraft(readRoles(roles)) !== "string"}
          save={({ roles = "" }, version) => {
            const asked = readDraft(readRoles(roles));
            if (typeof asked === "string") return Promise.reject(new Error(asked));
            return client.operators.roles({ name, ...asked, version });
          }}
        />
        {operator.secondFactor ? (
          <AskDialog
            button={change.resetFactor}
            notYet={role}
            title={change.resetTitle(name)}
            consequence={change.resetConsequence}
            act={change.resetFactor}
            failed={change.failed}
            run={() => client.session.resetFactor({ operator: name })}
          />
        ) : null}
        {operator.state === "active" ? (
          <AskDialog
            button={change.disable}
            danger
            notYet={role}
            title={change.disableTitle(name)}
            consequence={change.disableConsequence}
            act={change.disable}
            failed={change.failed}
            run={() => client.operators.disable({ name })}
          />
        ) : (
          <AskDialog
            button={change.enable}
            notYet={role}
            title={change.enableTitle(name)}
            consequence={change.enableConsequence}
            act={change.enable}
            failed={change.failed}
            run={() => client.operators.enable({ name })}
          />
        )}
        <AskDialog
          button={change.remove}
          danger
          notYet={role}
          title={change.removeTitle(name)}
          consequence={change.removeConsequence}
          act={change.remove}
          failed={change.failed}
          run={() => client.operators.remove({ name })}
        />
      </div>
    </Section>
  );
}
