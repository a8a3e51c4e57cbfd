export default defineConfig({
  title: 'x',
  themeConfig: {
    nav: [{ text: 'Reference', link: '/reference/' }],
    sidebar: {
      '/': [
        { text: 'Start', collapsed: true, items: [
          { text: 'Why?', link: '/guide/why' },
          { text: 'Begin', link: '/guide/begin.html#top' },
        ]},
        { text: 'Look up', items: [{ text: 'All', link: '/reference/' }] },
      ],
    },
  },
})
