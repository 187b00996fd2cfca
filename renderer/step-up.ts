import { create } from "zustand";

interface StepUp {
  /** Settles the one question that is open; null while none is. */
  readonly answer: ((given: boolean) => void) | null;
}

/** Whether a sensitive step waits for the passphrase of whoever is signed in. */
export const useStepUp = create<StepUp>()(() => ({ answer: null }));

let asking: Promise<boolean> | null = null;

/** Asks once for however many calls wait; true when the passphrase was right, false when it was broken off. */
export function askStepUp(): Promise<boolean> {
  asking ??= new Promise<boolean>((resolve) => {
    useStepUp.setState({
      answer: (given) => {
        asking = null;
        useStepUp.setState({ answer: null });
        resolve(given);
      },
    });
  });
  return asking;
}
