import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import * as z from "zod";
import { requestKind, userName } from "../../../shared/contract/fields.ts";
import { en } from "../../../shared/strings/en.ts";
import { toFailure } from "../../app/failure.ts";
import { useSession } from "../../app/session.ts";
import { client, orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { TextField } from "../../ui/field.tsx";
import { formatCount } from "../../ui/format.ts";
import { LinesField, type Lines } from "./lines-field.tsx";
import { firstBadLine, handOver } from "./lines-source.ts";
import styles from "./lines-dialog.module.css";

const text = en.requests.dialog;

const whom = z.strictObject({ kind: requestKind, user: userName });

interface LinesDialogProps {
  readonly what: "requests" | "documents";
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Takes JSON lines, written here or from a file read in this page: requests on one side, documents on the other. */
export function LinesDialog({ what, open, onClose }: LinesDialogProps) {
  const { name, side } = useSession();
  const [lines, setLines] = useState<Lines>({ text: "", file: null });
  const [fault, setFault] = useState<string>();
  const queries = useQueryClient();
  const form = useForm<z.infer<typeof whom>>({
    resolver: zodResolver(whom),
    defaultValues: { kind: "echo", user: "" },
  });
  const send = useMutation({
    mutationFn: async (asked: z.infer<typeof whom> | null) => {
      const source = await handOver(lines.text);
      if (asked === null) {
        const loaded = await client.documents.load({ source });
        return en.requests.documents.done(formatCount(loaded.loaded), formatCount(loaded.unchanged));
      }
      const { ids } = await client.requests.submit({ ...asked, source });
      return text.done(formatCount(ids.length));
    },
    onSuccess: async () => {
      setLines({ text: "", file: null });
      await queries.invalidateQueries({
        queryKey: what === "requests" ? orpc.requests.key() : orpc.documents.key(),
      });
    },
  });
  const close = (): void => {
    setFault(undefined);
    send.reset();
    onClose();
  };
  const submit = (asked: z.infer<typeof whom> | null): void => {
    const bad = lines.text.trim() === "" ? text.needLines : badLine(lines.text);
    setFault(bad);
    if (bad === undefined) send.mutate(asked);
  };
  const asks = what === "requests";
  const words = asks
    ? text
    : {
        title: en.requests.documents.dialogTitle,
        consequence: en.requests.documents.dialogConsequence,
        confirm: en.requests.documents.load,
        failed: en.requests.documents.failed,
      };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => (next ? undefined : close())}
      title={words.title}
      consequence={words.consequence}
      moves={{ name, side, sideText: en.ui.sides[side] }}
      wide
      footer={
        <>
          <span className={styles["done"]}>
            <output>{send.data}</output>
          </span>
          <Button look="quiet" onClick={close}>
            {send.data === undefined ? en.ui.cancel : en.ui.close}
          </Button>
          <Button type="submit" form="lines" look="primary" disabled={send.isPending}>
            {send.isPending ? text.sending : words.confirm}
          </Button>
        </>
      }
    >
      <form
        id="lines"
        className={styles["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (asks) void form.handleSubmit(submit)(event);
          else submit(null);
        }}
      >
        {asks ? (
          <div className={styles["pair"]}>
            <TextField
              label={text.kind}
              note={text.kindNote}
              error={form.formState.errors.kind?.message}
              fact
              {...form.register("kind")}
            />
            <TextField
              label={text.user}
              note={text.userNote}
              error={form.formState.errors.user?.message}
              {...form.register("user")}
            />
          </div>
        ) : null}
        <LinesField lines={lines} error={fault} onLines={setLines} />
      </form>
      {send.isError ? <ErrorState failure={toFailure(send.error, en.failed.act(words.failed))} /> : null}
    </Dialog>
  );
}

function badLine(lines: string): string | undefined {
  const bad = firstBadLine(lines);
  return bad === null ? undefined : text.badLine(formatCount(bad));
}
