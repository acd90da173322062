/** Preloaded, so that the command takes MOMENT (epoch milliseconds) as the current time. */
const moment = Number(process.env['MOMENT']);

Date.now = () => moment;
