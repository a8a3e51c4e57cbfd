export default { themeConfig: { sidebar: [{ text: 'Start', items: [{ text: 'Go', link: '/go.html' }] }] } }
