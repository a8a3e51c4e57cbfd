#ifndef M_H
#define M_H
#include <glib-object.h>

G_BEGIN_DECLS

G_DECLARE_FINAL_TYPE(MWidget, m_widget, M, WIDGET, GObject)

/** Makes a widget. */
MWidget *m_widget_new(void);

/** Closes it. */
void m_widget_close(MWidget *w);

M_AVAILABLE_IN(2, 4)
/** Shows it. */
void m_widget_show(MWidget *w);

M_DEPRECATED_FOR(m_widget_show)
void m_widget_old(MWidget *w);

/** Hides it. */
void m_widget_hide(MWidget *w);

G_END_DECLS
#endif
