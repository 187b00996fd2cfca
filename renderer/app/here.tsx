import { DropdownMenu } from "radix-ui";
import { useLocation } from "wouter";
import { en } from "../../shared/strings/en.ts";
import { Glyph } from "../ui/glyph.tsx";
import menu from "../ui/menu.module.css";
import { pathOf, usePresent, type Present, type SubjectKind } from "./whereabouts.ts";
import styles from "./here.module.css";

const text = en.together;

/** Who else is here, in the top bar: a number, and behind it each one with the page they are on. */
export function Here() {
  const [, navigate] = useLocation();
  const present = usePresent();
  const own = present.find((one) => one.own);
  const others = new Set(present.filter((one) => one.operator !== own?.operator).map((one) => one.operator));
  if (present.length < 2) return null;
  return (
    // No portal: inside the bar the list is part of a landmark.
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className={styles["trigger"]} aria-label={text.here.button(others.size)}>
        <Glyph shape="two" />
        {others.size === 0 ? present.length : others.size}
      </DropdownMenu.Trigger>
      <DropdownMenu.Content
        className={`${menu["menu"]} ${styles["list"]}`}
        align="end"
        sideOffset={4}
        aria-label={text.here.list}
      >
        {present.map((one, place) => (
          <DropdownMenu.Item
            key={`${one.operator} ${one.since} ${place}`}
            className={styles["person"]}
            onSelect={() => navigate(pathOf(one))}
          >
            <Glyph shape="running" />
            <span>
              <b>{nameOf(one)}</b> {one.own ? <span className="dim">{text.here.you}</span> : null}
            </span>
            <span className={`${styles["where"]} ${one.editing ? styles["edits"] : ""}`}>{whereOf(one)}</span>
          </DropdownMenu.Item>
        ))}
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}

/** The name to sign in with is always there: what somebody calls themselves proves nothing. */
function nameOf({ operator, displayName }: Present): string {
  return displayName === "" ? operator : `${displayName} (${operator})`;
}

function whereOf({ page, subject, editing }: Present): string {
  if (page === null) return text.here.elsewhere;
  const title = en.shell.pages[page];
  if (subject === null) return title;
  const what = text.here.subjects[subject.kind](subject.name);
  return text.here.at(title, editing ? text.here.edits(what) : what);
}

interface BesideProps {
  readonly kind: SubjectKind;
  readonly name: string;
}

/** The other operators who have this before them, those who edit it first. */
function useOthersAt({ kind, name }: BesideProps) {
  const present = usePresent();
  const own = present.find((one) => one.own)?.operator;
  const there = present.filter(
    (one) => !one.own && one.operator !== own && one.subject?.kind === kind && one.subject.name === name,
  );
  const names = (rows: readonly Present[]): string[] => [...new Set(rows.map(nameOf))];
  return { editing: names(there.filter((one) => one.editing)), looking: names(there) };
}

/** "bob is editing this": beside the head of what two people have before them at once. */
export function Beside(props: BesideProps) {
  const { editing, looking } = useOthersAt(props);
  if (looking.length === 0) return null;
  const isEdited = editing.length > 0;
  const names = (isEdited ? editing : looking).join(", ");
  const many = (isEdited ? editing : looking).length > 1;
  const words = isEdited
    ? (many ? text.beside.editingMany : text.beside.editing)(names)
    : (many ? text.beside.lookingMany : text.beside.looking)(names);
  return (
    <output className={styles["beside"]}>
      <Glyph shape={isEdited ? "two" : "running"} />
      {words}
    </output>
  );
}

/** The same as a mark in a row of a table, where it is being edited. */
export function EditedMark(props: BesideProps) {
  const { editing } = useOthersAt(props);
  if (editing.length === 0) return null;
  const words = text.beside.mark(editing.join(", "));
  return (
    <span className={styles["mark"]} title={words}>
      <Glyph shape="two" size={12} />
      <span className="hidden-text">{words}</span>
    </span>
  );
}
