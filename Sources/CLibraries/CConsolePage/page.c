// The console's page as bytes within the program, so that it needs no folder beside it. `#embed` is C23; the compiler
// notes the files, so that a changed one is built in anew.

#include "CConsolePage.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char index_html[] = {
#embed "../../Console/Page/index.html"
};
static const unsigned char icon_svg[] = {
#embed "../../Console/Page/icon.svg"
};
static const unsigned char style_css[] = {
#embed "../../Console/Page/style.css"
};
static const unsigned char core_js[] = {
#embed "../../Console/Page/core.js"
};
static const unsigned char app_js[] = {
#embed "../../Console/Page/app.js"
};
static const unsigned char overview_js[] = {
#embed "../../Console/Page/overview.js"
};
static const unsigned char traces_js[] = {
#embed "../../Console/Page/traces.js"
};
static const unsigned char waterfall_js[] = {
#embed "../../Console/Page/waterfall.js"
};
static const unsigned char logs_js[] = {
#embed "../../Console/Page/logs.js"
};
static const unsigned char dashboards_css[] = {
#embed "../../Console/Page/dashboards.css"
};
static const unsigned char dashboards_js[] = {
#embed "../../Console/Page/dashboards.js"
};
static const unsigned char panels_js[] = {
#embed "../../Console/Page/panels.js"
};
static const unsigned char charts_js[] = {
#embed "../../Console/Page/charts.js"
};
static const unsigned char templating_js[] = {
#embed "../../Console/Page/templating.js"
};
static const unsigned char markdown_js[] = {
#embed "../../Console/Page/markdown.js"
};
static const unsigned char alerts_js[] = {
#embed "../../Console/Page/alerts.js"
};
static const unsigned char chaos_js[] = {
#embed "../../Console/Page/chaos.js"
};
static const unsigned char api_js[] = {
#embed "../../Console/Page/api.js"
};

#define FILE(name, bytes) {name, bytes, sizeof bytes}

static const struct vitrine_page_file files[] = {
    FILE("index.html", index_html),
    FILE("icon.svg", icon_svg),
    FILE("style.css", style_css),
    FILE("core.js", core_js),
    FILE("app.js", app_js),
    FILE("overview.js", overview_js),
    FILE("traces.js", traces_js),
    FILE("waterfall.js", waterfall_js),
    FILE("logs.js", logs_js),
    FILE("dashboards.css", dashboards_css),
    FILE("dashboards.js", dashboards_js),
    FILE("panels.js", panels_js),
    FILE("charts.js", charts_js),
    FILE("templating.js", templating_js),
    FILE("markdown.js", markdown_js),
    FILE("alerts.js", alerts_js),
    FILE("chaos.js", chaos_js),
    FILE("api.js", api_js),
};

const struct vitrine_page_file *vitrine_page_files(void) { return files; }

size_t vitrine_page_file_count(void) { return sizeof files / sizeof files[0]; }
