import { useMutation } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { en } from "../../shared/strings/en.ts";
import { toFailure } from "./failure.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { ErrorState } from "../ui/error-state.tsx";

interface AskDialogProps {
  /** The button that asks, small, in the page. */
  readonly button: string;
  readonly danger?: boolean;
  readonly notYet?: string | undefined;
  readonly title: string;
  readonly consequence: ReactNode;
  readonly act: string;
  readonly failed: string;
  /** False while what the question needs is not given yet. */
  readonly ready?: boolean;
  /** What has to be given first, where that can be said: shown on the act's own button. */
  readonly first?: string | undefined;
  /** Forgets what was typed: at each opening. */
  readonly onOpen?: () => void;
  readonly run: () => Promise<unknown>;
  readonly children?: ReactNode;
}

/** A button that asks before it acts: what will happen, to whom, and what came of it when it failed. */
export function AskDialog(props: AskDialogProps) {
  const [asking, setAsking] = useState(false);
  const act = useMutation({ mutationFn: props.run, onSuccess: () => setAsking(false) });
  const look = props.danger === true ? "danger" : "primary";
  const ready = props.ready !== false;
  return (
    <>
      <Button
        small
        look={props.danger === true ? "danger" : "normal"}
        notYet={props.notYet}
        onClick={() => {
          props.onOpen?.();
          act.reset();
          setAsking(true);
        }}
      >
        {props.button}
      </Button>
      <Dialog
        open={asking}
        onOpenChange={(next) => {
          act.reset();
          setAsking(next);
        }}
        title={props.title}
        consequence={props.consequence}
        footer={
          <>
            <Button look="quiet" onClick={() => setAsking(false)}>
              {en.ui.cancel}
            </Button>
            <Button
              look={look}
              notYet={props.first}
              disabled={!ready || act.isPending}
              onClick={() => act.mutate()}
            >
              {props.act}
            </Button>
          </>
        }
      >
        {props.children}
        {act.isError ? <ErrorState failure={toFailure(act.error, en.failed.act(props.failed))} /> : null}
      </Dialog>
    </>
  );
}
