/**
 * Names of the small texts of this device (`localStorage`) that two parts need to know: the app, which keeps them,
 * and the first paint (`web/first-paint`), which reads them before the app is loaded. Those of language and mode
 * stand where these are chosen.
 */
export const databaseName = 'hongyan.database';
export const stillName = 'hongyan.still';
