import { describe, expect, test } from "vitest";
import { drawQr } from "./qr.ts";
import { invitationPage, invitationText, readInvitation } from "./invitation.ts";

const invitation = {
  station: "low",
  name: "bob",
  code: "ABCDE-FGHJK-MNPQR-STVWX-YZ234",
  expiresAt: "2026-11-24T08:00:00.000Z",
};

describe("an invitation", () => {
  test("as a file gives its name and code back, whatever an editor did to its line ends", () => {
    const text = invitationText(invitation);
    expect(readInvitation(text)).toEqual({ name: "bob", code: invitation.code });
    expect(readInvitation(text.replaceAll("\n", "\r\n"))).toEqual({ name: "bob", code: invitation.code });
  });

  test("that is a code alone is that code", () => {
    expect(readInvitation(` ${invitation.code}\n`)).toEqual({ name: null, code: invitation.code });
  });

  test("as a sheet holds the code for eyes and for a camera", () => {
    const { blocks } = invitationPage(invitation);
    expect(blocks).toContainEqual({ kind: "code", title: "Code", text: invitation.code });
    const qr = blocks.find((block) => block.kind === "qr");
    expect(qr).toMatchObject({ text: invitationText(invitation) });
    expect(drawQr(invitationText(invitation)).size).toBeLessThan(60);
  });
});
