import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ArrowLeft, ArrowRight } from "lucide-react";
import { useForm } from "react-hook-form";
import * as z from "zod";
import { newPassphrase, operatorName } from "../../../shared/contract/fields.ts";
import { en } from "../../../shared/strings/en.ts";
import { toFailure } from "../../app/failure.ts";
import { useFirstRun } from "../../app/first-run.ts";
import { client, orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { TextField } from "../../ui/field.tsx";
import { SecretField } from "../../ui/secret-field.tsx";
import { Section } from "../../ui/section.tsx";
import type { Founding } from "./side-step.tsx";
import { Stage } from "./stage.tsx";
import styles from "./stage.module.css";

const text = en.firstRun.operator;

const first = z
  .strictObject({ operator: operatorName, passphrase: newPassphrase, repeat: z.string() })
  .refine((value) => value.passphrase === value.repeat, { path: ["repeat"] });

/** Step 2: the first operator. Here the station is made, and its operator signed in. */
export function OperatorStep({ founding, onBack }: { founding: Founding; onBack: () => void }) {
  const queries = useQueryClient();
  const form = useForm<z.infer<typeof first>>({
    resolver: zodResolver(first),
    defaultValues: { operator: "", passphrase: "", repeat: "" },
  });
  const { errors } = form.formState;
  const make = useMutation({
    mutationFn: async ({ operator, passphrase }: z.infer<typeof first>) => {
      await client.station.init({ ...founding, operator, passphrase });
      const { operator: known } = await client.session.state({});
      if (known === null) await client.session.signIn({ operator, passphrase });
    },
    onSuccess: async () => {
      form.reset();
      useFirstRun.setState({ step: "pair" });
      await queries.invalidateQueries();
    },
    onError: () => queries.invalidateQueries({ queryKey: orpc.session.key() }),
  });
  return (
    <Stage
      title={text.title}
      about={text.about}
      onSubmit={(event) => void form.handleSubmit((value) => make.mutate(value))(event)}
      back={
        <Button look="quiet" icon={<ArrowLeft />} onClick={onBack}>
          {en.firstRun.back}
        </Button>
      }
      actions={
        <Button type="submit" look="primary" disabled={make.isPending}>
          {make.isPending ? text.making : text.make(founding.name, en.ui.sides[founding.side])}
          <ArrowRight />
        </Button>
      }
    >
      <div className={styles["fields"]}>
        <TextField
          label={text.name}
          note={text.nameNote}
          error={errors.operator === undefined ? undefined : text.nameError}
          maxLength={32}
          {...form.register("operator")}
        />
        <SecretField
          label={text.passphrase}
          note={text.passphraseNote}
          error={errors.passphrase === undefined ? undefined : text.passphraseError}
          autoComplete="new-password"
          {...form.register("passphrase")}
        />
        <SecretField
          label={text.repeat}
          error={errors.repeat === undefined ? undefined : text.repeatError}
          autoComplete="new-password"
          {...form.register("repeat")}
        />
      </div>
      {make.isError ? <ErrorState failure={toFailure(make.error, en.failed.act(text.failed))} /> : null}
      <Section title={text.whyTitle}>
        <ul className={styles["facts"]}>
          {text.why.map(([what, how]) => (
            <li key={what}>
              <b>{what}</b>
              <span>{how}</span>
            </li>
          ))}
        </ul>
      </Section>
    </Stage>
  );
}
