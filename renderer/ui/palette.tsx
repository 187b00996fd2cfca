import { Command } from "cmdk";
import { Search } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { Fragment, useState, type ReactNode } from "react";
import { en } from "../../shared/strings/en.ts";
import { Keys } from "./keys.tsx";
import styles from "./palette.module.css";

/** One action of the palette. What can't be done now is listed with its reason. */
export interface PaletteItem {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  readonly detail?: string | undefined;
  readonly icon: ReactNode;
  readonly keys?: readonly string[] | undefined;
  readonly notYet?: string | undefined;
  readonly run: () => void;
}

interface PaletteProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly items: readonly PaletteItem[];
  /** The side stays in sight. */
  readonly station: ReactNode;
}

/** Ctrl K: every action, by name. */
export function Palette({ open, onOpenChange, items, station }: PaletteProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={styles["scrim"]} />
        <Radix.Content className={styles["palette"]} aria-describedby={undefined}>
          <Radix.Title className="hidden-text">{en.ui.palette.title}</Radix.Title>
          <PaletteList
            items={items}
            station={station}
            onChoose={(item) => {
              onOpenChange(false);
              item.run();
            }}
          />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** The palette's inside, also shown on the page of components. */
export function PaletteList({
  items,
  station,
  onChoose,
}: {
  items: readonly PaletteItem[];
  station: ReactNode;
  readonly onChoose: (item: PaletteItem) => void;
}) {
  const [search, setSearch] = useState("");
  return (
    <Command label={en.ui.palette.title} className={styles["command"]}>
      <div className={styles["search"]}>
        <Search aria-hidden="true" />
        <Command.Input value={search} onValueChange={setSearch} placeholder={en.ui.palette.hint} />
        {station}
      </div>
      <Command.List className={styles["list"]}>
        <Command.Empty className={styles["none"]}>{en.ui.palette.none}</Command.Empty>
        {items.map((item) => (
          <Command.Item
            key={item.id}
            value={`${item.title} ${item.group} ${item.id}`}
            disabled={item.notYet !== undefined}
            onSelect={() => onChoose(item)}
            className={styles["item"]}
          >
            {item.icon}
            <span className={styles["title"]}>{marked(item.title, search)}</span>
            <span className={styles["detail"]}>{item.notYet ?? item.detail}</span>
            <span className={styles["group"]}>{item.group}</span>
            {item.keys === undefined ? <span /> : <Keys keys={item.keys} />}
          </Command.Item>
        ))}
      </Command.List>
      <footer className={styles["foot"]}>
        <span>
          <Keys keys={[en.keys.up, en.keys.down]} /> {en.ui.palette.choose}
        </span>
        <span>
          <Keys keys={[en.keys.enter]} /> {en.ui.palette.run}
        </span>
        <span className={styles["end"]}>
          <Keys keys={[en.keys.escape]} /> {en.ui.palette.close}
        </span>
      </footer>
    </Command>
  );
}

/** Marks the letters that were typed, where they stand together in the title. */
function marked(title: string, search: string): ReactNode {
  const at = search.trim() === "" ? -1 : title.toLowerCase().indexOf(search.trim().toLowerCase());
  if (at < 0) return title;
  const end = at + search.trim().length;
  return (
    <Fragment>
      {title.slice(0, at)}
      <mark>{title.slice(at, end)}</mark>
      {title.slice(end)}
    </Fragment>
  );
}
