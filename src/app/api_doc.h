/* The rows of the functions as help, Markdown, JSON and a section of a man page. [any]
   SPDX-License-Identifier: MIT */
#ifndef PH_APP_API_DOC_H
#define PH_APP_API_DOC_H

#include "lang/lang.h"

void ph_doc_help(const PhFunc *func, PhText *text);
/* The functions of a family, or whose names begin so, a line each. False: there are none. */
bool ph_doc_help_list(const PhRegistry *registry, PhStr name, PhText *text);
void ph_doc_markdown(const PhRegistry *registry, PhText *text);
void ph_doc_json(const PhRegistry *registry, PhText *text);
void ph_doc_man(const PhRegistry *registry, PhText *text);

#endif
