/** What the page says before the app is loaded; the first paint holds these alone. */
export const start = {
	'start.failed': '无法载入应用。本机上的内容没有丢失。请检查网络连接，然后重新载入页面。'
} as const;
