/** Options that every command has, taken out of the arguments before the rest is parsed. */
export interface CommonOptions {
  /** The station's directory as given; undefined when neither flag nor environment names one. */
  readonly station: string | undefined;
  readonly passphraseFile: string | undefined;
  /** Signs in as this operator; without it as the only one there is. */
  readonly operator: string | undefined;
  /** A code of the operator's second factor, or a recovery code; asked for where it is needed. */
  readonly secondFactor: string | undefined;
  readonly json: boolean;
  /** What remains: area, verb and the operation's own flags. */
  readonly rest: readonly string[];
}

const named = {
  "--station": "station",
  "--passphrase-file": "passphraseFile",
  "--as": "operator",
  "--second-factor": "secondFactor",
} as const;

/** A usage error: printed with the way to the help, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * Takes the common options wherever they stand, up to a lone `--`. A flag wins over the environment. Throws UsageError on an
 * option without its value or given twice.
 */
export function readCommonOptions(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): CommonOptions {
  const given: Partial<Record<(typeof named)[keyof typeof named], string>> = {};
  const rest: string[] = [];
  let json = false;
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] as string;
    if (word === "--") {
      rest.push(...argv.slice(at));
      break;
    }
    const [flag, inline] = splitOnce(word);
    if (word === "--json") {
      json = true;
    } else if (Object.hasOwn(named, flag)) {
      const name = named[flag as keyof typeof named];
      const value = inline ?? argv[(at += 1)];
      if (value === undefined || value === "") throw new UsageError(`${flag} needs a value.`);
      if (given[name] !== undefined) throw new UsageError(`${flag} is given twice.`);
      given[name] = value;
    } else {
      rest.push(word);
    }
  }
  return {
    station: given.station ?? fromEnvironment(environment, "SALLYPORT_STATION"),
    passphraseFile: given.passphraseFile ?? fromEnvironment(environment, "SALLYPORT_PASSPHRASE_FILE"),
    operator: given.operator ?? fromEnvironment(environment, "SALLYPORT_OPERATOR"),
    secondFactor: given.secondFactor,
    json,
    rest,
  };
}

function splitOnce(word: string): [string, string | undefined] {
  const at = word.indexOf("=");
  return at === -1 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

/** An empty variable is an unset one. */
function fromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
): string | undefined {
  return environment[name] === "" ? undefined : environment[name];
}
