/** Text between tags and in attributes with double quotes. */
export const asHtml = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** A value as JSON that stays inside of its `<script>`. */
export const asScriptData = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');
