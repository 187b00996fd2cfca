import { useMutation } from "@tanstack/react-query";
import { ChevronsUpDown } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useState } from "react";
import { stationName } from "../../shared/contract/fields.ts";
import { en } from "../../shared/strings/en.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { TextField } from "../ui/field.tsx";
import menu from "../ui/menu.module.css";
import { StationTag, type Side } from "../ui/side.tsx";
import { Status } from "../ui/status.tsx";
import { goToWorkspace, keepWorkspace, useWorkspaces } from "./workspaces.ts";
import styles from "./station-switcher.module.css";

const text = en.workspaces;

interface SwitcherProps {
  readonly name: string;
  readonly side: Side;
}

/** The station of this window, and the way to the user's others. Each opens behind its own door. */
export function StationSwitcher({ name, side }: SwitcherProps) {
  const view = useWorkspaces();
  const [making, setMaking] = useState(false);
  const [refused, setRefused] = useState("");
  const act = useMutation({
    mutationFn: (run: () => Promise<void>) => run(),
    onError: (error) => setRefused(error.message),
  });
  const others = view?.stations.filter((one) => one.name !== view.current) ?? [];
  return (
    <>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger className={styles["trigger"]} title={text.button}>
          <StationTag name={name} side={side} /> <span className={styles["word"]}>{en.ui.sides[side]}</span>{" "}
          <span className="hidden-text">{text.button}</span>
          <ChevronsUpDown aria-hidden="true" />
        </DropdownMenu.Trigger>
        <DropdownMenu.Content
          className={`${menu["menu"]} ${styles["list"]}`}
          align="start"
          sideOffset={2}
          aria-label={text.list}
        >
          <div className={styles["head"]}>{others.length === 0 ? text.noOthers : text.others}</div>
          {others.map((one) => (
            <DropdownMenu.Item
              key={one.name}
              className={styles["station"]}
              onSelect={() => act.mutate(() => goToWorkspace("open", one.name))}
            >
              {one.side === null ? <b>{one.name}</b> : <StationTag name={one.name} side={one.side} />}
              <span className="dim">
                {one.side === null ? text.notFounded : one.isOpen ? text.open : en.ui.sides[one.side]}
              </span>
              <span className={styles["where"]} title={one.directory}>
                {one.directory}
              </span>
            </DropdownMenu.Item>
          ))}
          <div className={styles["line"]} />
          {view !== null && view.current === null ? (
            <DropdownMenu.Item className={styles["station"]} onSelect={() => act.mutate(keepWorkspace)}>
              {text.keep}
            </DropdownMenu.Item>
          ) : null}
          <DropdownMenu.Item className={styles["station"]} onSelect={() => setMaking(true)}>
            {text.make}
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Root>
      <MakeDialog open={making} onClose={() => setMaking(false)} />
      <Dialog
        open={refused !== ""}
        onOpenChange={() => setRefused("")}
        title={text.refused}
        consequence={refused}
        footer={<Button onClick={() => setRefused("")}>{en.ui.close}</Button>}
      />
    </>
  );
}

/** A name, and the directory is made in the user's own place; the first run does the rest. */
function MakeDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const [name, setName] = useState("");
  const make = useMutation({ mutationFn: () => goToWorkspace("create", name), onSuccess: onClose });
  const isName = stationName.safeParse(name).success;
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => (next ? undefined : onClose())}
      title={text.makeTitle}
      consequence={text.makeConsequence}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {en.ui.cancel}
          </Button>
          <Button look="primary" disabled={!isName || make.isPending} onClick={() => make.mutate()}>
            {text.makeAct}
          </Button>
        </>
      }
    >
      <TextField
        label={text.name}
        note={text.nameNote}
        error={name !== "" && !isName ? en.firstRun.side.nameError : undefined}
        maxLength={32}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      {make.isError ? (
        <p role="alert">
          <Status kind="failed">{make.error.message}</Status>
        </p>
      ) : null}
    </Dialog>
  );
}
