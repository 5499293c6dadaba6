/** What an operator has to put right before the process can start. The message is one line and says how; no stack is shown. */
export class StartupError extends Error {}
