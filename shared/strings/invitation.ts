/** An invitation on paper and in a file. */
export const invitationStrings = {
  head: "Sallyport invitation",
  title: (station: string, name: string) => `Invitation to the station ${station} for ${name}`,
  about: "Works once. Whoever holds it opens nothing yet: the administrator listens first.",
  code: "Code",
  camera: "The same for a camera",
  facts: { name: "your name here", station: "station", until: "works until (UTC)" },
  steps: {
    window: 'At the station\'s sign-in page choose "I have an invitation". Type your name and the code.',
    command: (name: string) => `Or on the command line: sallyport operators accept --name ${name}`,
    words:
      "Choose a passphrase that nobody else sees, and read the eight words that are shown aloud to the administrator. Then tear this sheet up.",
  },
} as const;
