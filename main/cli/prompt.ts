import type { ReadStream, WriteStream } from "node:tty";

/** What the terminal needs to be able to do; both ends of it are handed in. */
export interface Terminal {
  readonly input: ReadStream;
  readonly output: WriteStream;
}

const keys = {
  enter: "\r",
  lineFeed: "\n",
  interrupt: "\u0003",
  endOfInput: "\u0004",
  erase: "\u007f",
  back: "\b",
  eraseLine: "\u0015",
};

/** Asks for a secret without echo, not even its length. Resolves to undefined when the operator breaks off. */
export function askSecret(question: string, { input, output }: Terminal): Promise<string | undefined> {
  output.write(question);
  input.setRawMode(true);
  input.setEncoding("utf8");
  input.resume();
  return new Promise((resolve) => {
    let typed: string[] = [];
    const end = (answer: string | undefined): void => {
      input.off("data", take);
      input.setRawMode(false);
      input.pause();
      output.write("\n");
      resolve(answer);
    };
    const take = (text: string): void => {
      for (const key of text) {
        if (key === keys.enter || key === keys.lineFeed) return end(typed.join(""));
        if (key === keys.interrupt || key === keys.endOfInput) return end(undefined);
        if (key === keys.erase || key === keys.back) typed.pop();
        else if (key === keys.eraseLine) typed = [];
        else typed.push(key);
      }
    };
    input.on("data", take);
  });
}
