/** Loaded before the command: it then takes MOMENT, epoch milliseconds, for the time. */
const moment = Number(process.env['MOMENT']);

Date.now = () => moment;
