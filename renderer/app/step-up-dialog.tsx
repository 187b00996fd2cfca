import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { en } from "../../shared/strings/en.ts";
import { client } from "../rpc.ts";
import { useStepUp } from "../step-up.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { TextField } from "../ui/field.tsx";
import { SecretField } from "../ui/secret-field.tsx";
import { asksForCode, toFailure } from "./failure.ts";

const text = en.session.stepUp;

/** The one question before a sensitive step: is it still you? What waits for it goes on by itself. */
export function StepUpDialog() {
  const answer = useStepUp((state) => state.answer);
  return answer === null ? null : <Question answer={answer} />;
}

function Question({ answer }: { answer: (given: boolean) => void }) {
  const [passphrase, setPassphrase] = useState("");
  const [code, setCode] = useState("");
  const [asked, setAsked] = useState(false);
  const give = useMutation({
    mutationFn: () => client.session.stepUp({ passphrase, ...(code === "" ? {} : { code }) }),
    onSuccess: () => answer(true),
    onError: (error) => {
      setAsked((before) => before || asksForCode(error));
      setCode("");
      if (!asksForCode(error)) setPassphrase("");
    },
  });
  const failed = give.isError && !asksForCode(give.error);
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : answer(false))}
      title={text.title}
      consequence={text.about}
      footer={
        <>
          <Button look="quiet" onClick={() => answer(false)}>
            {en.ui.cancel}
          </Button>
          <Button type="submit" form="step-up" look="primary" disabled={passphrase === "" || give.isPending}>
            {text.act}
          </Button>
        </>
      }
    >
      <form
        id="step-up"
        onSubmit={(event) => {
          event.preventDefault();
          if (passphrase !== "" && !give.isPending) give.mutate();
        }}
      >
        <SecretField
          label={text.passphrase}
          value={passphrase}
          onChange={(event) => setPassphrase(event.target.value)}
          autoComplete="off"
        />
        {asked ? (
          <TextField
            label={en.session.code}
            note={en.session.codeNote}
            value={code}
            onChange={(event) => setCode(event.target.value)}
            fact
          />
        ) : null}
      </form>
      {failed ? <ErrorState failure={toFailure(give.error, en.failed.act(text.failed))} /> : null}
    </Dialog>
  );
}
