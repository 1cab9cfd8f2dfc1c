from django.urls import path

from . import views
from .reports import views as reports

urlpatterns = [
    path("plan-du-site/", views.site_map, name="site-map"),
    path("sitemap.xml", views.sitemap_index, name="sitemap"),
    path("sitemap-<slug:kind>-<int:number>.xml", views.sitemap_section, name="sitemap-section"),
    path("robots.txt", views.robots, name="robots"),
    path("signaler/<int:page_id>/", reports.ReportView.as_view(), name="report-page"),
    path("signaler/<int:page_id>/merci/", reports.thanks, name="report-thanks"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
]
