import { describe, expect, test } from "vitest";
import { readCommonOptions, UsageError } from "./options.ts";

describe("the options that every command has", () => {
  test("are found wherever they stand, and the rest stays in order", () => {
    const options = readCommonOptions(
      [
        "--json",
        "requests",
        "--station",
        "/s",
        "submit",
        "--kind=echo",
        "--passphrase-file=p",
        "--user",
        "u",
      ],
      {},
    );
    expect(options).toEqual({
      station: "/s",
      passphraseFile: "p",
      operator: undefined,
      json: true,
      rest: ["requests", "submit", "--kind=echo", "--user", "u"],
    });
  });

  test("come from the environment where no flag names them", () => {
    const environment = { SALLYPORT_STATION: "/e", SALLYPORT_PASSPHRASE_FILE: "/pe", SALLYPORT_OPERATOR: "" };
    expect(readCommonOptions(["--station", "/flag"], environment)).toMatchObject({
      station: "/flag",
      passphraseFile: "/pe",
      operator: undefined,
    });
  });

  test.each([[["--station"]], [["--station", "a", "--station=b"]], [["--passphrase-file="]]])(
    "refuse %j as a usage error",
    (argv) => {
      expect(() => readCommonOptions(argv, {})).toThrow(UsageError);
    },
  );

  test("leave alone what follows two hyphens", () => {
    expect(readCommonOptions(["a", "--", "--json"], {}).rest).toEqual(["a", "--", "--json"]);
  });
});
